# SPDX-License-Identifier: GPL-2.0-only
"""Commands that leave nothing behind: what they started ends with them, and they with an interrupted run."""

import concurrent.futures
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

# For a command to put away what it has made, after it was told to end.
GRACE_S = 10

_lock = threading.Lock()
_running = set()
_over = False


def heed_signals():
    """End by what others end a run with, too, so that `in_turn` sees it; also if they said to ignore SIGINT."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))


def start(command, **options):
    """A command in a process group of its own. It must not outlive a harness that is killed."""
    with _lock:
        if _over:
            raise SystemExit('interrupted')
        proc = subprocess.Popen(['setpriv', '--pdeathsig', 'KILL', *command], stdin=subprocess.DEVNULL,
                                start_new_session=True, **options)
        _running.add(proc)
    return proc


def _signal(proc, number):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(proc.pid, number)


def end(proc, grace_s=0):
    """End it, if it is not over, and whatever is left of its group."""
    if grace_s and proc.poll() is None:
        _signal(proc, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            proc.wait(grace_s)
    _signal(proc, signal.SIGKILL)
    proc.wait()
    with _lock:
        _running.discard(proc)


def _end_all():
    global _over
    with _lock:
        _over, left = True, list(_running)
    for proc in left:
        _signal(proc, signal.SIGTERM)
    until = time.monotonic() + GRACE_S
    for proc in left:
        with contextlib.suppress(subprocess.TimeoutExpired):
            proc.wait(max(0, until - time.monotonic()))
        # Who waits for it may have been faster, and its number may be somebody else's by now.
        with _lock:
            if proc in _running:
                _signal(proc, signal.SIGKILL)


def in_turn(function, items, jobs):
    """What `function` returns for each, `jobs` of them at a time, in order."""
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        try:
            yield from pool.map(function, items)
        except BaseException:
            # Those who wait for a command see it end.
            pool.shutdown(wait=False, cancel_futures=True)
            _end_all()
            raise
