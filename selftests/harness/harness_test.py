#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The judge judged: streams and consoles that must not pass, and one that must. Prints KTAP."""

import contextlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import board
import cells
import ktap
import results
import run
import verdict

HARNESS = os.path.dirname(os.path.abspath(__file__))
GOOD = '''KTAP version 1
1..2
# suite a/one
    TAP version 13
    1..2
    ok 1 first
    ok 2 second # SKIP no such device
ok 1 - a/one
ok 2 - all modules removed
# tested rpmsg_ns 16384 0 - Live 0x0 (O)
# tested virtio 16384 0 - Live 0x0
# amp-end leaks=0 splats=0
'''
LINUX = '[ 0.0] Linux version 6.1 (x@y) #1 SMP\n'


def summary(cases):
    return [sum(c.verdict == v for c in cases) for v in ('pass', 'fail', 'skip')]


def judged(result=GOOD, console='', status=0, required=('a/one',), booted=None, **more):
    """The counts of a boot; on the console Linux starts as often as it should, or says nothing else."""
    console = LINUX * (more.get('starts', 1) if booted is None else booted) + console
    return summary(verdict.judge('b', result, console, status, list(required), **more))


# What init ends with.
SHOWN = f'# amp-dmesg\n{LINUX}'
CASE_2 = '    ok 2 second # SKIP no such device\n'


def bad_suite(observed, first='ok 1 first', second='    not ok 2 second # got -110\n', status=1, boot='b', **more):
    """A boot whose suite failed, with what is known of it: what was set aside, and what failed."""
    result = GOOD.replace('ok 1 first', first).replace(CASE_2, second)
    result = result.replace('ok 1 - a/one', f'not ok 1 - a/one # exit status {status}')
    cases = verdict.judge(boot, result, LINUX, more.pop('qemu', 0), ['a/one'], observed=observed, **more)
    return [sum(c.verdict == v for c in cases) for v in ('observed', 'fail')]


# A boot that loses memory, on purpose or not.
LEAKY = GOOD.replace('leaks=0', 'leaks=2')
LEAK = {'board: kernel log': 'leaks=2'}
# A whole suite that is unstable there.
UNSTABLE = {'a/one': {'seen': 'loses messages', 'like': r'-110\b'}}

# A case that goes on after a check that failed.
NOTES = '    # a.c:1:second:Expected 3 (3) == n ({})\n    # a.c:2:second:Expected 0 (0) == ret ({})\n    not ok 2 second\n'


def refused(text):
    """What is said of a cell that says this besides what it has to. It may take over boots of another."""
    with tempfile.TemporaryDirectory() as top:
        with open(os.path.join(top, 'c.toml'), 'w') as f:
            own, part, last = text.partition('[boot.')
            f.write(f'title = ""\n{own}\n[[boot]]\nname = "b"\n{part}{last}')
        with open(os.path.join(top, 'other.toml'), 'w') as f:
            f.write('title = ""\n[[boot]]\nname = "x"\n[[boot]]\nname = "y"\n')
        place, cells.CELLS = cells.CELLS, top
        try:
            cells.load('c')
        except SystemExit as said:
            return str(said)
        finally:
            cells.CELLS = place
    return ''


def not_run(*boots):
    """What the table says of a cell with two boots, the first with two suites and one that does not survive it, after these
    boots: the name of each, and the suites that it reported."""
    with tempfile.TemporaryDirectory() as top:
        with open(os.path.join(top, 'c.toml'), 'w') as f:
            f.write('title = ""\n[[boot]]\nname = "b"\nsuites = ["a/one", "a/two", "a/last"]\n'
                    'provokes = { "board: a/last" = "did not run" }\n[[boot]]\nname = "d"\nsuites = ["a/one"]\n')
        for name, *suites in boots:
            os.makedirs(os.path.join(top, 'c', name))
            with open(os.path.join(top, 'c', name, results.FILE), 'w') as f:
                json.dump({'cell': 'c', 'boot': name,
                           'cases': [{'suite': s, 'verdict': 'pass'} for s in (name, *suites)]}, f)
        place, cells.CELLS = cells.CELLS, top
        try:
            return results.table(top).partition('Not run:\n\n')[2]
        finally:
            cells.CELLS = place


def run_of(*options):
    """What a run of two cells says that is asked for this, and how it ends: there is nothing built that it could run."""
    with tempfile.TemporaryDirectory() as top:
        done = subprocess.run([sys.executable, 'run.py', '--cells', 'zcu102-stock imx7d-stock', *options], cwd=HARNESS,
                              env=dict(os.environ, BUILD=top), capture_output=True, text=True)
    return done.stderr.strip().splitlines()[-1], done.returncode


def flat(text):
    return summary(ktap.parse(text, 's'))


# What test programs print and return on a board.
PROGRAMS = {
    'good': ('1..2\nok 1 a\nok 2 b # SKIP no such device\n', 0),
    'bad': ('1..2\nok 1 a\nnot ok 2 b\n', 1),
    'short': ('1..2\nok 1 a\n', 139),
    'crashed': ('1..1\nok 1 a\n', 134),
    'both': ('1..2\nok 1 a\nnot ok 2 b\n', 139),
    'silent': ('', 1),
    'mute': ('', 0),
    'warns': ('1..1\nok 1 a\n', 0),
    'hides': ('1..1\nok 1 a\n', 0),
    'clears': ('1..1\nok 1 a\n', 0),
}


# What else some of them do. A line that a kernel says goes to both who read its log, dmesg and /dev/kmsg.
DEEDS = {
    'warns': 'echo WARNING: x | tee -a {0}/log > {0}/kmsg',
    'hides': 'echo WARNING: x | tee -a {0}/log > {0}/kmsg; dmesg -c > /dev/null',
    'clears': 'dmesg -c > /dev/null',
}


@contextlib.contextmanager
def kernel_log(path, text):
    """What reads like /dev/kmsg, with what was said already: it does not end, and gives to its reader each line once."""
    os.mkfifo(path)
    held = os.open(path, os.O_RDWR)
    try:
        os.write(held, text.encode())
        yield
    finally:
        os.close(held)


def on_a_board(*names, kmsg='kmsg', said='', compatible='fsl,imx7d-cm4'):
    """The last line of run.sh, which judges where there is no harness, and the counts of ktap.py.

    kmsg: where it reads the kernel's log; said: what that has at the start
    compatible: what the devicetree says of the remote core; the suites are those of an i.MX 7Dual
    """
    with tempfile.TemporaryDirectory() as top:
        for name in ('s', 'devices', 'devices/core', 'devices/uart'):
            os.mkdir(os.path.join(top, name))
        for name in ('run.sh', 'complaints'):
            shutil.copy(os.path.join(HARNESS, '..', name), top)
        programs = {f's/{n}': "printf '%b' '{}'; {}; exit {}".format(*PROGRAMS[n][:1], DEEDS.get(n, ':').format(top), PROGRAMS[n][1])
                    for n in names}
        # The log of the machine that this runs on is nobody's business here.
        programs |= {'id': 'echo 0', 'dmesg': f'cat {top}/log; [ "$1" != -c ] || : > {top}/log'}
        for path, text in programs.items():
            with open(os.path.join(top, path), 'w') as f:
                f.write('#!/bin/sh\n' + text.replace('\n', '\\n') + '\n')
            os.chmod(os.path.join(top, path), 0o755)
        for path, text in (('suites-imx7d', '\n'.join(f's/{n}' for n in names) + '\n'), ('suites-zynq7', 's/no-such\n'),
                           ('devices/core/uevent', f'OF_COMPATIBLE_0={compatible}\nOF_COMPATIBLE_N=1\n'),
                           ('devices/uart/uevent', 'OF_COMPATIBLE_0=fsl,imx7d-uart\n'), ('log', said), ('empty', '')):
            with open(os.path.join(top, path), 'w') as f:
                f.write(text)
        with kernel_log(os.path.join(top, 'kmsg'), said):
            done = subprocess.run([os.path.join(top, 'run.sh')], stdout=subprocess.PIPE, text=True,
                                  env=dict(os.environ, PATH=top + ':' + os.environ['PATH'], AMP_KMSG=os.path.join(top, kmsg),
                                           AMP_DEVICES=os.path.join(top, 'devices')))
    last = done.stdout.splitlines()[-1] if done.stdout else ''
    same = summary(ktap.parse(done.stdout, 's'))
    return last, done.returncode, last == '%d passed, %d failed, %d skipped' % tuple(same)


def by_init(command, **files):
    """What a command prints that has the functions of a board's init. Files are in the place of the board's."""
    with tempfile.TemporaryDirectory() as top:
        for name, text in files.items():
            with open(os.path.join(top, name), 'w') as f:
                f.write(text)
        with open(os.path.join(HARNESS, 'guest', 'init')) as f:
            functions = re.findall(r'^\w+\(\) \{\n.*?^\}\n', f.read(), re.M | re.S)
        script = ''.join(functions).replace('/selftests/complaints', verdict.COMPLAINTS).replace('/tmp/', top + '/')
        return subprocess.run(['sh', '-c', f'{script}\ndmesg() {{ cat {top}/log; }}\n{command}'], stdout=subprocess.PIPE,
                              text=True, cwd='/').stdout


def silent(answer, patience_s):
    """How a board that falls silent ends, and what it left on the console."""
    patience = board.STALL_S, board.ANSWER_S
    board.STALL_S, board.ANSWER_S = 1, patience_s
    try:
        with tempfile.TemporaryDirectory() as top:
            path = os.path.join(top, 'console.log')
            with open(path, 'w') as f:
                f.write('boot\n')
            with board.Console(path) as console:
                fake = f'console={path}; read -r _ < {console.keys}; {answer}'
                status = board.run(['sh', '-c', fake], [path], os.path.join(top, 'log'), on_silence=console.enter)
            with open(path) as f:
                return status, f.read()
    finally:
        board.STALL_S, board.ANSWER_S = patience


def switched_off(text):
    """How a board ends that says this and then nothing: with 0, as QEMU when it is asked to, or by itself."""
    with tempfile.TemporaryDirectory() as top:
        path = os.path.join(top, 'console.log')
        with open(path, 'w') as f:
            f.write(text)
        fake = "trap 'kill $!; exit 0' TERM; sleep 2 & wait; exit 3"
        return board.run(['sh', '-c', fake], [path], os.path.join(top, 'log'), is_over=lambda: board.halted(path))


TREE = '/dts-v1/; / { #address-cells = <2>; #size-cells = <2>; chosen {}; reserved-memory { #address-cells = <2>; ' \
       '#size-cells = <2>; ranges; anywhere { size = <0 0x1000>; }; rproc@3ed00000 { reg = <0 0x3ed00000 0 0x1000>; }; }; };'


def placed(start, size):
    """Where an initramfs of this size ends by the devicetree, or what is said of it."""
    with tempfile.TemporaryDirectory() as top:
        dtb, initrd = os.path.join(top, 'dtb'), os.path.join(top, 'initrd')
        subprocess.run(['dtc', '-q', '-o', dtb, '-'], input=TREE, text=True, check=True)
        with open(initrd, 'wb') as f:
            f.truncate(size)
        try:
            board.place_initrd(dtb, start, initrd)
        except SystemExit as refused:
            return str(refused)
        return int(board.fdtget(dtb, '-tx', ['/chosen', 'linux,initrd-end'])[0], 16)


# A suite of the host that waits for what it started, which says who it is.
WAITS = 'echo 1..1; echo ok 1 a; sleep 1000 & echo $! > {0}.new; mv {0}.new {0}; wait'
# And one that does not.
LEAVES = 'echo 1..1; echo ok 1 a; sleep 1000 > /dev/null 2>&1 & echo $! > {0}'


def is_gone(pid):
    for _ in range(100):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError), open(f'/proc/{pid}/stat') as f:
            # Whoever is nobody's child may wait for long to be buried.
            if f.read().rpartition(')')[2].split()[0] != 'Z':
                time.sleep(0.1)
                continue
        return True
    return False


def suite_within(seconds, command):
    """What is said of a suite, and whether what it started is gone."""
    limit, run.HOST_S = run.HOST_S, seconds
    try:
        with tempfile.TemporaryDirectory() as top:
            path = os.path.join(top, 'pid')
            cases = run.host_suite('s', ['sh', '-c', command.format(path)], os.path.join(top, 'log'))[0]
            with open(path) as f:
                return [(c.verdict, c.reason) for c in cases], is_gone(f.read().strip())
    finally:
        run.HOST_S = limit


def cpus_of(kind, **says):
    """What the command line of a boot says of CPUs."""
    machine = board.MACHINES[kind]({}, {}, '')
    line = run.command_line(machine, {}, {'suites': ['a/one'], 'stack': 'ours', **says}, 5, [])
    return [word for word in line.split() if 'cpus' in word]


def interrupted(number):
    """Whether a run that is interrupted ends, and what its suites started as well."""
    with tempfile.TemporaryDirectory() as top:
        path = os.path.join(top, 'pid')
        items = [f'{n}=sh -c "{WAITS.format(path)}"' for n in range(3)]
        program = f'import group, run; run.BUILD = {top!r}; group.heed_signals(); run.run_all(run.host_work({items!r}), 2)'
        os.mkdir(os.path.join(top, 'results'))
        proc = subprocess.Popen([sys.executable, '-c', program], cwd=HARNESS, stderr=subprocess.DEVNULL)
        while not os.path.exists(path) and proc.poll() is None:
            time.sleep(0.1)
        proc.send_signal(number)
        try:
            proc.wait(60)
        except subprocess.TimeoutExpired:
            proc.kill()
            return False
        with open(path) as f:
            return is_gone(f.read().strip())


def left_by_a_boot_that_broke():
    """What of an earlier boot is there after one for which nothing has been built."""
    with tempfile.TemporaryDirectory() as top:
        build, run.BUILD = run.BUILD, top
        out = os.path.join(top, 'results', 'c', 'b')
        os.makedirs(out)
        for name in ('console.log', 'result.ktap', 'cases.json'):
            open(os.path.join(out, name), 'w').close()
        cell = {'name': 'c', 'kernel': 'k'}
        try:
            run.run_boot(board.ZynqMP({}, {}, top), cell, {'name': 'b', 'stack': 'ours', 'suites': []}, 5)
        except KeyError:
            return [name for name in os.listdir(out) if name != 'initramfs.cpio']
        finally:
            run.BUILD = build


def two_runs():
    """The verdicts of two runs in one program: the end of the first must not look like an interruption."""
    with tempfile.TemporaryDirectory() as top, contextlib.redirect_stdout(io.StringIO()):
        build, run.BUILD = run.BUILD, top
        os.mkdir(os.path.join(top, 'results'))
        try:
            item = "s=printf 'TAP version 13\\n1..1\\nok 1 one\\n'"
            return [[c.verdict for c in run.run_all(run.host_work([item]), 2)] for _ in range(2)]
        except SystemExit as e:
            return e
        finally:
            run.BUILD = build


def compiles(directory):
    """make demo and make shell are not part of a test run, but must not break unseen."""
    for name in os.listdir(directory):
        if name.endswith('.py'):
            with open(os.path.join(directory, name)) as f:
                compile(f.read(), name, 'exec')
    return True


# What kernels say of whom nobody asked. On 32-bit Arm a dump of the stack has no headline.
COMPLAINTS = [
    'WARNING: CPU: 0 PID: 1 at kernel/x.c:3 f+0x10/0x20', 'BUG: scheduling while atomic: sh/1/0x00000002',
    'Internal error: Oops: 17 [#1] SMP ARM', 'Kernel panic - not syncing: x', 'Call trace:', ' show_stack from dump_stack_lvl+0x40/0x4c',
    'Unable to handle kernel NULL pointer dereference at virtual address 00000004',
    'irq 33: nobody cared (try booting with the "irqpoll" option)', 'INFO: task sh:42 blocked for more than 120 seconds.',
    'INFO: trying to register non-static key.', "sysfs: cannot create duplicate filename '/devices/x'",
    'BUG: KASAN: use-after-free in f', 'BUG: KCSAN: data-race in f', 'UBSAN: shift-out-of-bounds in f',
    'WARNING: possible circular locking dependency detected', 'WARNING: possible recursive locking detected',
    'rcu: INFO: rcu_sched detected stalls on CPUs/tasks:', 'rcu: INFO: rcu_preempt self-detected stall on CPU',
    'refcount_t: underflow; use-after-free.', 'unreferenced object 0xc2345678 (size 64):',
    'unregister_netdevice: waiting for lo to become free. Usage count = 1',
    'mailbox: Try increasing MBOX_TX_QUEUE_LEN']
HARMLESS = ['', '#', 'Linux version 6.1 (x@y) #1 SMP', 'Kernel command line: panic=-1 oops=panic', 'rcu: Hierarchical RCU implementation.',
            'kasan: KernelAddressSanitizer initialized', 'kmemleak: Kernel memory leak detector initialized']


def judged_alike(lines):
    """What the judge finds on a console of each of these lines, if grep finds the same, which boards have the list for."""
    grep = subprocess.run(['grep', '-nEf', verdict.COMPLAINTS], input='\n'.join(lines), stdout=subprocess.PIPE, text=True)
    by_grep = {int(line.split(':', 1)[0]) - 1 for line in grep.stdout.splitlines()}
    by_judge = {n for n, line in enumerate(lines) if judged(console=f'x\n[ 1.0] {line}\n') != [2, 0, 1]}
    return [lines[n] for n in sorted(by_judge)] if by_grep == by_judge else f'{by_grep} by grep, {by_judge} by the judge'


CASES = [
    ('every part of the harness compiles', lambda: compiles(HARNESS)),
    ('a good boot passes', lambda: judged() == [2, 0, 1]),
    ('a lost machine fails', lambda: judged(status=None)[1] == 1),
    ('a machine that halted is switched off', lambda: switched_off('[ 1.0] reboot: System halted\n') == 0),
    ('one that goes on is not', lambda: switched_off('[ 1.0] reboot: Restarting system\n') == 3),
    ('a silent machine is asked why', lambda: silent('echo why >> $console', 60) == (None, 'boot\nwhy\n')),
    ('one that does not answer is ended', lambda: silent('sleep 1000', 1) == (None, 'boot\n')),
    ('what a lost machine was asked for is no splat',
     lambda: judged(status=None, console='boot\nsysrq: Show State\nCall trace:\n')[1] == 1),
    ('a splat before that is', lambda: judged(status=None, console='WARNING: x\nsysrq: Show State\n')[1] == 2),
    ('a reset that nobody ordered fails', lambda: judged('KTAP version 1\n1..2\n' + GOOD)[1] == 1),
    ('one that was ordered does not', lambda: judged('KTAP version 1\n1..2\n' + GOOD, starts=2)[1] == 0),
    ('one that did not come fails', lambda: judged(starts=2)[1] == 1),
    ('a console on which no Linux started fails', lambda: judged(booted=0)[1] == 1),
    ('so does one of a board that was heard once of twice', lambda: judged('KTAP version 1\n1..2\n' + GOOD, starts=2, booted=1)[1] == 1),
    ('one that has the log once more does not', lambda: judged(console=SHOWN) == [2, 0, 1]),
    ('what it shows once more is no other start', lambda: judged('KTAP version 1\n1..2\n' + GOOD, SHOWN, starts=2, booted=1)[1] == 1),
    ('an initramfs below the carveouts is placed', lambda: placed(0x3ec00000, 0x100000) == 0x3ed00000),
    ('one that reaches into a carveout is not', lambda: 'lies in rproc@3ed00000' in placed(0x3ec00000, 0x100001)),
    ('nor one that ends behind it', lambda: 'lies in rproc@3ed00000' in placed(0x3ec00000, 0x200000)),
    ('two of four CPUs will do', lambda: cpus_of('zynqmp') == ['maxcpus=2']),
    ('unless a boot wants more', lambda: cpus_of('zynqmp', cpus=4) == ['maxcpus=4']),
    ('or its cell does', lambda: {b['cpus'] for b in cells.load('zcu102-rt')['boot']} == {4}),
    ('or its own words', lambda: cpus_of('zynq7', cmdline='maxcpus=1') == ['maxcpus=1']),
    ('a bad exit status fails', lambda: judged(status=1)[1] == 1),
    ('a missing end line fails', lambda: judged(GOOD.replace('# amp-end leaks=0 splats=0\n', ''))[1] == 1),
    ('a splat counted in the guest fails', lambda: judged(GOOD.replace('splats=0', 'splats=1'))[1] == 1),
    ('a leak counted in the guest fails', lambda: judged(GOOD.replace('leaks=0', 'leaks=2'))[1] == 1),
    ('an end line without a leak scan fails', lambda: judged(GOOD.replace('leaks=0 ', ''))[1] == 1),
    ('an end line on the console is none',
     lambda: judged(GOOD.split('# tested')[0], console='# amp-end leaks=0 splats=0\nok 1 - a/one\n')[1] == 1),
    ('a module of ours that was ours passes', lambda: judged(expected={'rpmsg_ns': True})[1] == 0),
    ('a module that was not ours fails', lambda: judged(expected={'virtio': True})[1] == 1),
    ('a module of ours where none should be fails', lambda: judged(expected={'rpmsg_ns': False})[1] == 1),
    ('a module that was not there fails', lambda: judged(expected={'rpmsg_tty': True})[1] == 1),
    ('a listed case of another driver is set aside', lambda: bad_suite({'a/one: second': 'seen to fail'}) == [1, 0]),
    ('a case that is not listed still fails', lambda: bad_suite({'a/one: first': 'seen to fail'}) == [0, 1]),
    ('a listed case that is not there any more fails',
     lambda: bad_suite({'a/one: second': 'seen', 'a/one: old name': 'seen'}) == [1, 1]),
    ('one of a suite that does not run here does not', lambda: bad_suite({'a/one: second': 'x', 'a/two: x': 'x'}) == [1, 0]),
    ('a case of an unstable suite is set aside', lambda: bad_suite(UNSTABLE) == [1, 0]),
    ('one that failed in another way is not', lambda: bad_suite(UNSTABLE, second='    not ok 2 second # got -14\n') == [0, 1]),
    ('one that failed in another way first is not either',
     lambda: bad_suite(UNSTABLE, second=NOTES.format(2, -110)) == [0, 1]),
    ('one that failed in that way first is', lambda: bad_suite(UNSTABLE, second=NOTES.format(-110, 2)) == [1, 0]),
    ('a suite of which nothing passed is not set aside', lambda: bad_suite(UNSTABLE, 'not ok 1 first # got -110') == [0, 2]),
    ('a reason that is like every other is refused',
     lambda: 'every reason' in refused('stack = "in-tree"\nobserved."a/one" = { seen = "x", like = "" }')),
    ('one that is no expression is refused',
     lambda: 'no regular expression' in refused('stack = "in-tree"\nobserved."a/one" = { seen = "x", like = "(" }')),
    ('a suite cut short is not set aside', lambda: bad_suite(UNSTABLE, second='') == [0, 1]),
    ('nor one cut short after a case that is',
     lambda: bad_suite(UNSTABLE, 'not ok 1 first # got -110\n    ok 2 x\n    ok 3 y', second='') == [1, 1]),
    ('nor one that crashed after a case that is', lambda: bad_suite(UNSTABLE, status=139) == [1, 1]),
    ('nor is a lost board, which is named by no case',
     lambda: bad_suite({'a/one: second': 'seen', 'board': 'seen', 'board: power-off': 'seen'}, qemu=None) == [1, 1]),
    ('nor one in a boot of that name',
     lambda: bad_suite({'a/one: second': 'seen', 'board': 'seen', 'board: power-off': 'seen'}, qemu=None, boot='board') == [1, 1]),
    ('where all drivers are ours nothing is set aside', lambda: 'all drivers are ours' in refused('observed = { "a: b" = "x" }')),
    ('elsewhere it may be', lambda: refused('stack = "in-tree"\nobserved = { "a: b" = "x" }') == ''),
    ('but not a whole suite for any reason', lambda: 'a whole suite' in refused('stack = "in-tree"\nobserved = { "a" = "x" }')),
    ('nor for an unknown one', lambda: 'has "seen"' in refused('stack = "in-tree"\nobserved = { "a" = { seen = "x" } }')),
    ('what is done wrong on purpose is found', lambda: judged(LEAKY, provokes=LEAK) == [3, 0, 1]),
    ('what is not found fails', lambda: judged(provokes=LEAK) == [2, 1, 1]),
    ('so does what is found for another reason',
     lambda: judged(LEAKY, provokes={'board: kernel log': 'splats=1'}) == [2, 2, 1]),
    ('and what else is wrong', lambda: judged(LEAKY, status=1, provokes=LEAK) == [3, 1, 1]),
    ('any reason at all is not one that is provoked', lambda: 'every reason' in refused('[boot.provokes]\n"a: b" = ""')),
    ('nor is a suite a case', lambda: 'a case' in refused('[boot.provokes]\n"a" = "x"')),
    ('a boot that no cell has is refused', lambda: run_of('--boots', 'splitt')[0].startswith('error: no boot named splitt in ')),
    ('so is one beside another that there is',
     lambda: run_of('--boots', 'split crahs')[0].startswith('error: no boot named crahs in ')),
    ('one that one of two cells has is not', lambda: 'no boot named' not in run_of('--boots', 'split table')[0]),
    ('a table of all that a cell has says no more', lambda: not_run(('b', 'a/one', 'a/two'), ('d', 'a/one')) == ''),
    ('a boot that did not run is named', lambda: not_run(('b', 'a/one', 'a/two')) == '- c: d\n'),
    ('so is a suite', lambda: not_run(('b', 'a/two'), ('d', 'a/one')) == '- c: b without a/one\n'),
    ('and both', lambda: not_run(('b', 'a/one')) == '- c: b without a/two; d\n'),
    ('all that a cell may say passes', lambda: [cells.load(name)['name'] for name in cells.names()] == cells.names()),
    ('an unknown key of a cell is refused', lambda: 'unknown key boot_of' in refused('boot_of = "other"')),
    ('an unknown key of a boot, too', lambda: 'boot b: unknown key obsreved' in refused('[boot.obsreved]\n"a: b" = "x"')),
    ('two boots of one name are', lambda: 'two boots named b' in refused('[boot.preload]\n[[boot]]\nname = "b"')),
    ('so are two of which one is taken over',
     lambda: 'two boots named x' in refused('boots_of = "other"\n[boot.preload]\n[[boot]]\nname = "x"')),
    ('boots that are taken over are known',
     lambda: refused('boots_of = "other"\nonly = ["x"]\nwithout = ["y"]\ncore_boots = ["x", "b"]') == ''),
    ('only one that there is can be', lambda: 'only: no boot named z;' in refused('boots_of = "other"\nonly = ["x", "z"]')),
    ('or be left out', lambda: 'without: no boot named b;' in refused('boots_of = "other"\nwithout = ["b"]')),
    ('or be core', lambda: 'core_boots: no boot named y;' in refused('boots_of = "other"\nonly = ["x"]\ncore_boots = ["y"]')),
    ('of no other cell there is none', lambda: 'only: no boot named b;' in refused('only = ["b"]')),
    ('a splat on the console fails',
     lambda: judged(console='x\n[ 1.0] WARNING: CPU: 0 PID: 1\n')[1] == 1),
    ('so does whatever else a kernel complains of', lambda: judged_alike(COMPLAINTS) == COMPLAINTS),
    ('what it says of itself does not', lambda: judged_alike(HARMLESS) == []),
    ('the list of complaints is one for C, too',
     lambda: not any(c in open(verdict.COMPLAINTS).read() for c in '"\\')),
    ('a board shows what its kernel said since the tests began',
     lambda: by_init('new_log', before='[1] a\n[2] b\n', log='[2] b\n[3] a\n') == '[3] a\n'),
    ('and all of it where the kernel complained before',
     lambda: by_init('new_log', before='[1] a\n[2] BUG: x\n', log='[1] a\n[2] BUG: x\n') == '[1] a\n[2] BUG: x\n'),
    ('or then', lambda: by_init('new_log', before='[1] a\n', log='[1] a\n[2] BUG: x\n') == '[1] a\n[2] BUG: x\n'),
    ('of two parameters the last counts',
     lambda: by_init('CMDLINE="quiet amp.end=a=b * amp.ending=c amp.end=d=e"; param amp.end; param amp') == 'd=e\n\n'),
    ('a suite that did not run fails', lambda: judged(required=('a/one', 'a/two'))[1] == 1),
    ('a suite that only skips fails', lambda: judged(GOOD.replace('ok 1 first', 'ok 1 first # SKIP x'))[1] == 1),
    ('a suite cut short fails', lambda: judged(GOOD.replace('    ok 2 second # SKIP no such device\n', ''))[1] == 1),
    ('a suite without plan fails', lambda: judged(GOOD.replace('    1..2\n', ''))[1] == 1),
    ('an outer plan not fulfilled fails', lambda: judged(GOOD.replace('1..2\n# suite', '1..3\n# suite'))[1] == 1),
    ('a suite that crashed after its last case fails',
     lambda: judged(GOOD.replace('ok 1 - a/one', 'not ok 1 - a/one # exit status 139'))[1] == 1),
    ('a failed case fails once', lambda: judged(GOOD.replace('    ok 1 first', '    not ok 1 first')
                                               .replace('ok 1 - a', 'not ok 1 - a'))[1] == 1),
    ('an empty result fails', lambda: judged('')[1] >= 2),
    ('a suite of the host that hangs ends with all that it started',
     lambda: suite_within(10, WAITS) == ([('pass', ''), ('fail', 'hung and was ended')], True)),
    ('so does one that does not want to', lambda: suite_within(10, "trap '' TERM; " + WAITS + '; sleep 1000')[1]),
    ('one that ends leaves nothing running', lambda: suite_within(300, LEAVES) == ([('pass', '')], True)),
    ('a run can follow another', lambda: two_runs() == [['pass'], ['pass']]),
    ('a boot that broke leaves nothing of an earlier one', lambda: left_by_a_boot_that_broke() == []),
    ('an interrupted run leaves nothing running', lambda: interrupted(signal.SIGINT)),
    ('one that is told to end leaves nothing running', lambda: interrupted(signal.SIGTERM)),
    ('flat KTAP', lambda: flat('1..2\nok 1 a\nnot ok 2 b\n') == [1, 1, 0]),
    ('flat KTAP cut short', lambda: flat('1..2\nok 1 a\n') == [1, 1, 0]),
    ('run.sh passes what is good', lambda: on_a_board('good') == ('2 passed, 0 failed, 1 skipped', 0, True)),
    ('run.sh fails what is bad', lambda: on_a_board('good', 'bad') == ('3 passed, 1 failed, 1 skipped', 1, True)),
    ('run.sh fails what stopped early', lambda: on_a_board('short')[1:] == (1, True)),
    ('run.sh fails what crashed at its end', lambda: on_a_board('good', 'crashed')[1:] == (1, True)),
    ('run.sh counts a crash beside a failed case', lambda: on_a_board('both') == ('2 passed, 2 failed, 0 skipped', 1, True)),
    ('run.sh fails what says nothing', lambda: on_a_board('good', 'silent')[1:] == (1, True)),
    ('run.sh fails what passes without a case', lambda: on_a_board('good', 'mute')[:2] == ('2 passed, 1 failed, 1 skipped', 1)),
    ('run.sh fails where the kernel complains', lambda: on_a_board('warns') == ('1 passed, 1 failed, 0 skipped', 1, True)),
    ('although a suite clears the log', lambda: on_a_board('hides') == ('1 passed, 1 failed, 0 skipped', 1, True)),
    ('what the kernel complained of before does not count',
     lambda: on_a_board('good', said='WARNING: old\n') == ('2 passed, 0 failed, 1 skipped', 0, True)),
    ('not even if a suite clears the log',
     lambda: on_a_board('clears', said='WARNING: old\n') == ('2 passed, 0 failed, 0 skipped', 0, True)),
    ('run.sh fails if it cannot follow the log', lambda: on_a_board('good', kmsg='empty') == ('1 passed, 1 failed, 1 skipped', 1, True)),
    ('run.sh runs the suites of its own board',
     lambda: on_a_board('good', compatible='xlnx,zynq_remoteproc') == ('1 passed, 1 failed, 0 skipped', 1, True)),
    ('and none where it knows no remote core', lambda: on_a_board('good', compatible='fsl,imx7d-cm4-tcm')[:2] == ('', 1)),
    ('each board has suites for its users', lambda: all('rpmsg/echo' in cells.installed(m) for m in board.MACHINES)),
    ('none twice', lambda: all(len(set(s)) == len(s) for s in map(cells.installed, board.MACHINES))),
    ('and those last that leave no drivers', lambda: all(cells.installed(m)[-1] == cells.LAST for m in board.MACHINES)),
    ('a suite that is not there cannot be left out of them',
     lambda: 'not_installed' in refused('[boot.preload]\n[[boot]]\nname = "d"\ninstalled = true\nsuites = ["x"]\nnot_installed = ["y"]')),
    ('empty KTAP fails', lambda: flat('')[1] == 1),
    ('a failed case says why',
     lambda: ktap.parse('1..2\n#  RUN  a ...\n# a.c:1:a:fine\n#  OK  a\nok 1 a\n#  RUN  b ...\n'
                        '# b.c:7:b:Expected 1 (1) == 2 (2)\n#  FAIL  b\nnot ok 2 b\n', 's')[1].reason ==
     'b.c:7:b:Expected 1 (1) == 2 (2)'),
    ('three levels', lambda: flat('1..1\n    1..1\n        1..2\n        ok 1 a\n        ok 2 b\n'
                                  '    ok 1 inner\nok 1 outer\n') == [2, 0, 0]),
]


def main():
    bad = 0
    print(f'KTAP version 1\n1..{len(CASES)}')
    for number, (name, check) in enumerate(CASES, 1):
        good = check()
        bad += not good
        print(f'{"ok" if good else "not ok"} {number} {name}')
    return 1 if bad else 0


if __name__ == '__main__':
    raise SystemExit(main())
