#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Run the tests: suites of the host, then cells (a kernel, a machine, some boots). Called by test.sh,
which has built everything. The last line printed is `N passed, N failed, N skipped`.
"""

import argparse
import concurrent.futures
import os
import shlex
import subprocess
import sys
import time
import tomllib

import board
import ktap
import verdict

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..'))
BUILD = os.environ.get('BUILD', os.path.join(TOP, 'build'))
MACHINES = {'zynqmp': board.ZynqMP}


def read_env(path):
    env = {}
    with open(path) as f:
        for line in f:
            key, _, value = line.rstrip('\n').partition('=')
            env[key] = ' '.join(shlex.split(value))
    return env


def report(title, cases, seconds):
    """One line a suite, one more for each case that did not pass."""
    count = {v: sum(c.verdict == v for c in cases) for v in ('pass', 'fail', 'skip')}
    print(f'{"FAIL" if count["fail"] else "ok  "} {title}: {count["pass"]} passed, {count["fail"]} failed, '
          f'{count["skip"]} skipped ({seconds:.0f} s)')
    for case in cases:
        if case.verdict != 'pass':
            reason = f': {case.reason}' if case.reason else ''
            print(f'       {case.verdict} {case.suite}: {case.name}{reason}')
    sys.stdout.flush()


def host_suite(title, command, log):
    """A suite that runs on the host and prints KTAP on its standard output."""
    start = time.monotonic()
    with open(log, 'w') as err:
        try:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=err, stdin=subprocess.DEVNULL,
                                  text=True, errors='replace', timeout=1800)
            output, status = done.stdout, done.returncode
        except subprocess.TimeoutExpired as e:
            output, status = (e.stdout or b'').decode(errors='replace'), None
        err.write(output)
    cases = ktap.parse(output, title)
    if status != 0 and not any(c.verdict == 'fail' for c in cases):
        cases.append(ktap.Case(title, 'exit status', 'fail',
                               'hung and was ended' if status is None else f'{status}, see {log}'))
    for suite in ktap.skipped_suites(cases):
        cases.append(ktap.Case(suite, 'required', 'fail', 'nothing in this suite ran'))
    return title, cases, time.monotonic() - start


def host_suites(items):
    """Independent of each other, so two at a time; reported in order."""
    def run(numbered):
        number, item = numbered
        title, _, command = item.partition('=')
        return host_suite(title, shlex.split(command), os.path.join(BUILD, 'results', f'host-{number}.log'))

    cases = []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for title, found, seconds in pool.map(run, enumerate(items)):
            report(title, found, seconds)
            cases += found
    return cases


def run_boot(machine, cell, boot, scale, build):
    """One boot of a cell; its results are kept in build/results/<cell>/<boot>."""
    start = time.monotonic()
    out = os.path.join(BUILD, 'results', cell['name'], boot['name'])
    os.makedirs(out, exist_ok=True)
    console, result = os.path.join(out, 'console.log'), os.path.join(out, 'result.ktap')
    for path in (console, result):
        if os.path.exists(path):
            os.unlink(path)
    cmdline = (f'earlycon console={machine.console},115200 loglevel=7 panic=-1 amp.mode=test '
               f'amp.result={machine.result} amp.scale={scale} amp.suites={",".join(boot["suites"])}')
    cmdline += f' amp.variant={boot["variant"]}' if 'variant' in boot else ''
    cmdline += ' amp.canary=1' if boot.get('canary') else ''
    cmdline += ' ' + boot.get('cmdline', '')
    dtb, initrd = os.path.join(out, 'board.dtb'), os.path.join(build, 'initramfs.cpio.gz')
    board.prepare_dtb(os.path.join(build, 'dtb', f'{cell["name"]}-{boot["name"]}.dtb'), dtb, initrd,
                      cmdline.strip(), machine.memory_mib)
    status = board.run(machine.command(dtb, initrd, [f'file:{console}', f'file:{result}']) +
                       ['-display', 'none', '-monitor', 'none'],
                       [console, result], os.path.join(out, 'qemu.log'))
    texts = [open(p, errors='replace').read() if os.path.exists(p) else '' for p in (result, console)]
    with open(os.path.join(out, 'modules'), 'w') as f:
        # For tools/status: what our modules cost on this kernel.
        f.writelines(line.split(' ', 2)[2] for line in texts[0].splitlines(True)
                     if line.startswith('# proc-modules '))
    cases = verdict.judge(boot['name'], *texts, status, boot['suites'])
    report(f'{cell["name"]}, boot {boot["name"]}', cases, time.monotonic() - start)
    return cases


def load_cell(name):
    with open(os.path.join(TOP, 'selftests', 'cells', name + '.toml'), 'rb') as f:
        return dict(tomllib.load(f), name=name)


def main():
    args = argparse.ArgumentParser()
    args.add_argument('--scale', type=int, default=100, help='percent of the full counts')
    args.add_argument('--cells', default='', help='names of cells')
    args.add_argument('--boots', default='', help='only these boots of them')
    args.add_argument('--host', action='append', default=[], metavar='TITLE=COMMAND')
    args = args.parse_args()

    os.makedirs(os.path.join(BUILD, 'results'), exist_ok=True)
    cases = host_suites(args.host)
    env = read_env(os.path.join(BUILD, 'env'))
    for name in args.cells.split():
        cell = load_cell(name)
        print(f'cell {name}: {cell["title"]}; counts at {args.scale} % of the full ones')
        machine = MACHINES[cell['machine']](env, BUILD)
        for boot in cell['boot']:
            if not args.boots or boot['name'] in args.boots.split():
                cases += run_boot(machine, cell, boot, args.scale, BUILD)
    count = [sum(c.verdict == v for c in cases) for v in ('pass', 'fail', 'skip')]
    print('%d passed, %d failed, %d skipped' % tuple(count))
    return 1 if count[1] or not count[0] else 0


if __name__ == '__main__':
    sys.exit(main())
