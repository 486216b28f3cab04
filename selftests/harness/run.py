#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Run the tests: suites of the host and cells (a kernel, a machine, some boots). Called by test.sh,
which has built everything. The last line printed is `N passed, N failed, N skipped`.
"""

import argparse
import contextlib
import functools
import os
import shlex
import subprocess
import sys
import time

import board
import cells
import group
import initramfs
import ktap
import results
import verdict

TOP, BUILD = cells.TOP, cells.BUILD
# When a suite of the host counts as hung. Emulated systems that compile take most of an hour on a busy one.
HOST_S = 5400
# Those first that others stand on. Ours and the kernel's have the same names.
RPMSG = ['rpmsg_ns', 'virtio_rpmsg_bus', 'rpmsg_char', 'rpmsg_ctrl', 'rpmsg_tty']


def read_env(path):
    env = {}
    with open(path) as f:
        for line in f:
            key, _, value = line.rstrip('\n').partition('=')
            env[key] = ' '.join(shlex.split(value))
    return env


def report(title, cases, seconds):
    """One line a suite, one more for each case that did not pass."""
    count = results.count(cases)
    aside = f', {count["observed"]} of another driver set aside' if count['observed'] else ''
    print(f'{"FAIL" if count["fail"] else "ok  "} {title}: {count["pass"]} passed, {count["fail"]} failed, '
          f'{count["skip"]} skipped{aside} ({seconds:.0f} s)')
    for case in cases:
        if case.verdict != 'pass':
            reason = f': {case.reason}' if case.reason else ''
            print(f'       {case.verdict} {case.suite}: {case.name}{reason}')
    sys.stdout.flush()


def host_suite(title, command, log):
    """A suite that runs on the host and prints KTAP on its standard output."""
    start = time.monotonic()
    with open(log, 'w') as err:
        proc = group.start(command, stdout=subprocess.PIPE, stderr=err, text=True, errors='replace')
        try:
            output, status = proc.communicate(timeout=HOST_S)[0], proc.returncode
        except subprocess.TimeoutExpired as e:
            output, status = (e.stdout or b'').decode(errors='replace'), None
        finally:
            group.end(proc, group.GRACE_S)
        err.write(output)
    cases = ktap.parse(output, title)
    if status != 0 and not any(c.verdict == 'fail' for c in cases):
        cases.append(ktap.Case(title, 'exit status', 'fail',
                               'hung and was ended' if status is None else f'{status}, see {log}'))
    for suite in ktap.skipped_suites(cases):
        cases.append(ktap.Case(suite, 'required', 'fail', 'nothing in this suite ran'))
    return cases, time.monotonic() - start


def host_work(items):
    """What is to be done for the suites of the host, and what each is reported as: heading, title."""
    for number, item in enumerate(items):
        title, _, command = item.partition('=')
        log = os.path.join(BUILD, 'results', f'host-{number}.log')
        yield None, title, functools.partial(host_suite, title, shlex.split(command), log)


def stack_modules(machine, cell, stack):
    """The modules under test, each with whether it has to be ours."""
    ours = {'ours': (True, True), 'in-tree': (False, False), 'our-soc': (True, False), 'our-rpmsg': (False, True)}
    soc, rpmsg = ours[stack]
    modules = {name.replace('-', '_'): soc for name in (machine.modules if soc else machine.in_tree)}
    modules.update({name: rpmsg for name in RPMSG})
    modules.update({name: True for name in machine.rpmsg if rpmsg})
    for name in cell.get('built_in', []):
        modules.pop(name.replace('-', '_'), None)
    return modules


def end_of(machine, boot):
    """What init does when all is done. A reset that is part of the test cannot end it, too."""
    return 'halt' if boot.get('resets') and machine.end == 'reboot' else machine.end


def is_over(machine, boot, console, result):
    """Whether a board is to be switched off: it halted, or is in a loop of resets, which verdict.py counts."""
    if not boot.get('starts'):
        return False
    with contextlib.suppress(FileNotFoundError):
        with open(result, errors='replace') as f:
            if len(verdict.START.findall(f.read())) > boot['starts']:
                return True
    return end_of(machine, boot) == 'halt' and board.halted(console)


def command_line(machine, cell, boot, scale, modules):
    options = {'mode': 'test', 'result': machine.result, 'end': end_of(machine, boot), 'scale': scale,
               'suites': ','.join(boot['suites']), 'modules': ','.join(modules)}
    if 'variant' in boot:
        options['variant'] = boot['variant']
    for key in ('canary', 'tools'):
        if boot.get(key):
            options[key] = 1
    if boot['stack'] in ('in-tree', 'our-rpmsg'):
        options['first'] = ','.join(machine.in_tree)
    words = [f'earlycon console={machine.console},115200 loglevel=7 panic=-1']
    words += [f'amp.{key}={value}' for key, value in options.items()]
    cpus = boot.get('cpus', machine.cpus)
    if cpus:
        words.append(f'maxcpus={cpus}')
    return ' '.join(words + [boot.get('cmdline', '')]).strip()


def run_boot(machine, cell, boot, scale):
    """One boot of a cell; its results are kept in build/results/<cell>/<boot>."""
    start = time.monotonic()
    out = os.path.join(BUILD, 'results', cell['name'], boot['name'])
    os.makedirs(out, exist_ok=True)
    console, result = os.path.join(out, 'console.log'), os.path.join(out, 'result.ktap')
    # Nothing of the last run may be taken for this one's, not even if this one breaks off.
    for path in (console, result, os.path.join(out, results.FILE)):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
    modules = stack_modules(machine, cell, boot['stack'])
    initrd = os.path.join(out, 'initramfs.cpio')
    initramfs.pack(initrd, initramfs.trees(machine.kernel['K_ARCH'], cell['kernel'], boot['stack'], boot.get('tools')),
                   cells.programs(cell, boot))
    cmdline = command_line(machine, cell, boot, scale, modules)
    dtb = os.path.join(out, 'board.dtb')
    machine.prepare(os.path.join(BUILD, 'dtb', f'{cell["name"]}-{boot["name"]}.dtb'), dtb, initrd, cmdline)
    try:
        with board.Console(console) as keyboard:
            command = machine.command(dtb, initrd, cmdline, keyboard.serial, f'file:{result}') + machine.preload(boot)
            if boot.get('resets'):
                # A suite that resets the machine on purpose; else a reset ends it.
                command.remove('-no-reboot')
            status = board.run(command + keyboard.args + ['-display', 'none', '-monitor', 'none'],
                               [console, result], os.path.join(out, 'qemu.log'), slow=cell.get('slow', 1),
                               on_silence=keyboard.enter,
                               is_over=lambda: is_over(machine, boot, console, result))
    finally:
        os.unlink(initrd)
    texts = [open(p, errors='replace').read() if os.path.exists(p) else '' for p in (result, console)]
    with open(os.path.join(out, 'modules'), 'w') as f:
        # For tools/status: what our modules cost on this kernel.
        f.writelines(line.split(' ', 2)[2] for line in texts[0].splitlines(True)
                     if line.startswith('# proc-modules '))
    cases = verdict.judge(boot['name'], *texts, status, boot['suites'], modules,
                          boot['observed'], boot.get('starts', 1), boot.get('provokes'))
    seconds = time.monotonic() - start
    results.save(out, cell, boot, cases, seconds, texts[0])
    return cases, seconds


def counts(cell, scale):
    """Percent of the full counts: a kernel that is slow does its part with fewer."""
    return max(1, scale // cell.get('slow', 1))


def cell_work(names, boots, scale, core=False):
    """The same for the boots of the cells."""
    # The slow ones first: what begins last should not be what takes longest.
    chosen = sorted(map(cells.load, names), key=lambda cell: -cell.get('slow', 1))
    cells.need_boots(chosen, boots)
    env = read_env(os.path.join(BUILD, 'env')) if chosen else {}
    for cell in chosen:
        name = cell['name']
        machine = board.MACHINES[cell['machine']](
            env, read_env(os.path.join(BUILD, 'kernels', cell['kernel'], 'env')), BUILD)
        percent = counts(cell, scale)
        heading = f'cell {name}: {cell["title"]}; counts at {percent} % of the full ones'
        for boot in cell['boot']:
            if boot['name'] in boots if boots else boot['core'] or not core:
                yield heading, f'{name}, boot {boot["name"]}', functools.partial(run_boot, machine, cell, boot, percent)


def run_all(work, jobs):
    """Nothing of it depends on anything else, so `jobs` at a time; reported in order. Returns the cases."""
    work, shown, cases = list(work), set(), []
    # In this order zip lets the pool come to its own end, which else looks like an interruption.
    for (found, seconds), (heading, title, _) in zip(group.in_turn(lambda w: w[2](), work, jobs), work):
        if heading and heading not in shown:
            print(heading)
            shown.add(heading)
        report(title, found, seconds)
        cases += found
    return cases


def main():
    args = argparse.ArgumentParser()
    args.add_argument('--scale', type=int, default=100, help='percent of the full counts')
    args.add_argument('--cells', default='', help='names of cells')
    args.add_argument('--boots', default='', help='only these boots of them')
    args.add_argument('--core', action='store_true', help='only boots that belong to make test')
    # A board keeps about one processor busy, and one in ten waits for something. More than three at a time nobody has tried.
    args.add_argument('--jobs', type=int, default=min(2, len(os.sched_getaffinity(0))) + 1,
                      help='how many of all that at a time')
    args.add_argument('--host', action='append', default=[], metavar='TITLE=COMMAND')
    args = args.parse_args()

    group.heed_signals()
    os.makedirs(os.path.join(BUILD, 'results'), exist_ok=True)
    cases = run_all([*host_work(args.host),
                     *cell_work(args.cells.split(), args.boots.split(), args.scale, args.core)], args.jobs)
    results.write_table(os.path.join(BUILD, 'results'))
    count = results.count(cases)
    if count['observed']:
        print(f'{count["observed"]} cases of other drivers were set aside: see "observed" in the cells')
    print(f'{count["pass"]} passed, {count["fail"]} failed, {count["skip"]} skipped')
    return 1 if count['fail'] or not count['pass'] else 0


if __name__ == '__main__':
    sys.exit(main())
