#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 linux-amp developers
"""What the documents tell a reader to type on a host, and on a board's console, typed. One after the other, since all of it
builds in build/: test.sh runs this before the suites. Prints KTAP.

usage: typed_test.py
"""

import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

import suite

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..'))
# Neither the make that runs this, nor what that was asked for, concerns those that are typed.
ENV = {k: v for k, v in os.environ.items()
       if k not in ('MAKEFLAGS', 'MAKELEVEL', 'MFLAGS', 'BUILD', 'CELLS', 'BOOTS', 'SCALE', 'JOBS', 'GDB')}
# A board that says nothing for so long has hung; what is built before it boots may take its time.
SILENCE, BUILDING = 300, 1500
# Typed at the board's prompt, in this order, with what the answer has in it.
SESSION = (
    ("dmesg | grep -iE 'remoteproc|rpmsg|rproc|mbox|mailbox'", r'remoteproc0: \S+ is available'),
    ('modinfo xlnx_r5_remoteproc', r'filename: .*/updates/'),
    ('modinfo -F version rpmsg_char', r'^\d+\.\d+\.\d+$'),
    ('modprobe zynqmp_r5_remoteproc', r''),
    ('cat /sys/kernel/debug/devices_deferred', r''),
    ('echo amp-echo-r5-0.elf > /sys/class/remoteproc/remoteproc0/firmware', r''),
    ('echo start > /sys/class/remoteproc/remoteproc0/state', r''),
    ('while [ ! -e /dev/rpmsg0 ]; do sleep 1; done', r''),
    ('ls /sys/bus/rpmsg/devices', r'rpmsg-raw'),
    ('cat /sys/module/virtio_rpmsg_bus/version', r'^\d+\.\d+\.\d+$'),
    ('rpmsg_say /dev/rpmsg0 hello', r'^reply hello$'),
    ('echo rpmsg_chrdev > /sys/bus/rpmsg/devices/virtio0.rpmsg-openamp-demo-channel.-1.1024/driver_override', r''),
    ('echo virtio0.rpmsg-openamp-demo-channel.-1.1024 > /sys/bus/rpmsg/drivers/rpmsg_chrdev/bind', r''),
    ('rpmsg_say /dev/rpmsg1 hello', r'^reply hello$'),
    ('exec 3<>/dev/rpmsg0; printf hello >&3; head -c 5 <&3', r'hello'),
    ('exec 3>&-', r''),
    ('cat /sys/kernel/debug/remoteproc/remoteproc0/trace0', r'announced rpmsg-raw'),
    ('echo stop > /sys/class/remoteproc/remoteproc0/state', r''),
)


def typed(line, **options):
    """A command of the host's as it is in the documents"""
    done = subprocess.run(['sh', '-c', line], cwd=TOP, env=ENV, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors='replace', timeout=BUILDING, **options)
    assert done.returncode == 0, f'{line}: {done.returncode}\n{done.stdout[-3000:]}'
    return done.stdout


class Console:
    """A board's, at the ends of two pipes"""

    def __init__(self, process):
        self.process = process
        self.text = ''

    def read_until(self, pattern, silence=SILENCE):
        """What comes up to this, which is taken off, and the match"""
        last = time.monotonic()
        while True:
            found = re.search(pattern, self.text, re.MULTILINE)
            if found:
                before, self.text = self.text[:found.start()], self.text[found.end():]
                return before, found
            ready, _, _ = select.select([self.process.stdout], [], [], 1)
            data = os.read(self.process.stdout.fileno(), 65536) if ready else b''
            assert data or not ready, f'the board ended, waiting for {pattern}: {self.text[-2000:]}'
            if data:
                self.text += data.decode(errors='replace').replace('\r', '')
                last = time.monotonic()
            assert time.monotonic() - last < silence, f'silent, waiting for {pattern}: {self.text[-2000:]}'

    def type(self, line):
        self.process.stdin.write(line.encode() + b'\n')
        self.process.stdin.flush()

    def command(self, line):
        """What it prints, once it has ended well; the end is told from the echo of what is typed by its sum"""
        self.type(line)
        self.type('echo ended-$((40 + 2)) $?')
        said, end = self.read_until(r'ended-42 (\d+)$')
        assert end.group(1) == '0', f'{line}: {said}'
        return said


def demo():
    """make demo"""
    said = typed('make demo')
    assert re.search(r'^reply hello$', said, re.MULTILINE) and 'demo: done' in said, said[-3000:]


def shell():
    """make shell, and at the prompt of the board"""
    with subprocess.Popen(['make', 'shell'], cwd=TOP, env=ENV, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, start_new_session=True) as process:
        console = Console(process)
        try:
            console.read_until(r'# (\x1b\[6n)?$', BUILDING)
            for line, wanted in SESSION:
                said = console.command(line)
                assert re.search(wanted, said, re.MULTILINE), f'{line}: {said}'
            console.type('poweroff -f')
            assert process.wait(SILENCE) == 0, process.returncode
        finally:
            if process.poll() is None:
                # make, and what it started
                os.killpg(process.pid, signal.SIGKILL)


def chosen():
    """make test, of one boot of one cell"""
    said = typed('make test CELLS=zcu102-stock BOOTS=quickstart SCALE=100 JOBS=1')
    assert re.search(r'\n[1-9]\d* passed, 0 failed, \d+ skipped\n$', said), said[-3000:]


def tells():
    """make help, make cells, make status"""
    assert 'test-packages' in typed('make help')
    assert 'zcu102-stock' in typed('make cells')
    assert re.search(r'^xlnx_r5_remoteproc .*ours \d', typed('make status'), re.MULTILINE)


def monitor():
    """the monitor that prints every call"""
    with tempfile.TemporaryDirectory() as out:
        typed(f'make -C selftests/monitor O={out} DEBUG=1')
        assert os.path.getsize(os.path.join(out, 'monitor.elf'))


def programs():
    """the firmware and the program of the quick starts"""
    with tempfile.TemporaryDirectory() as out:
        typed(f'make -C selftests/firmware O={out}')
        for soc in ('r5-0', 'm4', 'a9'):
            assert os.path.getsize(os.path.join(out, f'amp-echo-{soc}.elf'))
        typed(f'gcc -I selftests/include -o {out}/rpmsg_say selftests/rpmsg/rpmsg_say.c')
        usage = subprocess.run([f'{out}/rpmsg_say'], capture_output=True, text=True)
        assert usage.returncode != 0 and 'DEVICE TEXT' in usage.stdout + usage.stderr, usage


def main():
    cases = (demo, shell, chosen, tells, monitor, programs)
    return suite.run(cases)


if __name__ == '__main__':
    sys.exit(main())
