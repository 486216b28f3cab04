# SPDX-License-Identifier: GPL-2.0-only
"""Judge one boot of a board from what it left: the result stream, the console, QEMU's exit status."""

import re

import ktap
from ktap import Case

# What a kernel prints when something is wrong that no test provokes.
SPLAT = re.compile(r'WARNING: |BUG: |Oops|Internal error|Kernel panic|Call trace:|KASAN|KCSAN|UBSAN|'
                   r'possible circular locking|possible recursive locking|rcu.*detected stall|'
                   r'refcount_t:|unreferenced object|unregister_netdevice|'
                   # A doorbell that was queued instead of rung.
                   r'MBOX_TX_QUEUE_LEN')
END = re.compile(r'^# amp-end (.*)$', re.MULTILINE)


def judge(boot, result, console, status, required):
    """The cases of `boot`, with everything that was wrong around them as failed cases.

    result, console: what was read from the two UARTs
    status: QEMU's exit status, or None if it had to be ended
    required: the suites that must have run
    """
    cases = ktap.parse(result, boot)
    cases = [Case(f'{boot}: {c.suite}', c.name, c.verdict, c.reason) for c in cases]

    def fail(name, reason):
        cases.append(Case(f'{boot}: board', name, 'fail', reason))

    end = END.search(result)
    if status is None:
        fail('power-off', 'the machine was lost: it hung and had to be ended')
    elif status != 0:
        fail('power-off', f'QEMU ended with status {status}')
    if not end:
        fail('end line', 'the machine never reported that it was done')
    elif 'splats=0' not in end.group(1).split():
        fail('kernel log', f'the kernel complained: {end.group(1)}')
    splat = SPLAT.search(console)
    if splat:
        line = console[console.rfind('\n', 0, splat.start()) + 1:].split('\n', 1)[0].strip()
        fail('console', line)
    seen = {c.suite for c in cases}
    for suite in required:
        if f'{boot}: {suite}' not in seen:
            fail(suite, 'this suite did not run')
    for suite in ktap.skipped_suites(cases):
        fail(suite, 'nothing in this suite ran, and it is required here')
    return cases
