#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""make bench: what a message costs with our drivers and with the kernel's own, on the same board, kernel, firmware
and user program. Writes text, JSON and a picture to build/bench.

A cell whose name begins with bench- has a boot for each stack; they differ in nothing else, and the first is what
the others are compared with. Each stack boots once to be counted: under icount, with one processor for Linux, where
instructions repeat to a fraction of a percent, with the plugin count.c. Then the stacks boot in turn, in real time
and without plugin, for the messages per second: of an emulated board on a busy host they say little, so what is
shown is the median of the ratios of neighbours.
"""

import argparse
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'harness'))

import board  # noqa: E402
import cells  # noqa: E402
import initramfs  # noqa: E402
import report  # noqa: E402
import run  # noqa: E402
import verdict  # noqa: E402

OUT = os.path.join(run.BUILD, 'bench')
ICOUNT = ['-icount', 'shift=0,sleep=off']
# By machine: the processor that is the remote, and doorbell registers of Linux and of the remote.
PLUGIN = {'imx7d': 'remote=2,to=0x30aa0000,from=0x30ab0000'}


class Bench:
    """The boots of one cell."""

    def __init__(self, name, steps):
        self.cell = cells.load(name)
        kernel = run.read_env(os.path.join(run.BUILD, 'kernels', self.cell['kernel'], 'env'))
        self.machine = board.MACHINES[self.cell['machine']](run.read_env(os.path.join(run.BUILD, 'env')), kernel,
                                                            run.BUILD)
        self.stacks = {boot['stack']: boot for boot in self.cell['boot']}
        self.steps, self.step = steps, 0

    def progress(self, words):
        """Called several times a second while a board runs."""
        shown = [0]

        def show(seconds):
            if seconds >= shown[0]:
                print(f'  {self.step} of {self.steps}: {words}, {seconds:.0f} s', flush=True)
                shown[0] += 15
        return show

    def boot(self, stack, words, variant, extra=()):
        """Returns what the program has printed."""
        boot = dict(self.stacks[stack], variant=variant, cmdline='maxcpus=1')
        out = os.path.join(OUT, self.cell['name'], f'{stack}-{words.replace(" ", "-")}')
        os.makedirs(out, exist_ok=True)
        console, result, dtb = (os.path.join(out, n) for n in ('console.log', 'result.ktap', 'board.dtb'))
        for path in (console, result):
            if os.path.exists(path):
                os.unlink(path)
        modules = run.stack_modules(self.machine, self.cell, stack)
        initrd = os.path.join(out, 'initramfs.cpio')
        initramfs.pack(initrd, initramfs.trees(self.machine.kernel['K_ARCH'], self.cell['kernel'], stack),
                       boot['suites'])
        cmdline = run.command_line(self.machine, self.cell, boot, 100, modules)
        self.machine.prepare(os.path.join(run.BUILD, 'dtb', f'{self.cell["name"]}-{boot["name"]}.dtb'), dtb, initrd,
                             cmdline)
        command = self.machine.command(dtb, initrd, cmdline, f'file:{console}', f'file:{result}')
        self.step += 1
        status = board.run(command + ['-display', 'none', '-monitor', 'none', *extra], [console, result],
                           os.path.join(out, 'qemu.log'), self.progress(f'{stack}, {words}'))
        texts = [open(p, errors='replace').read() if os.path.exists(p) else '' for p in (result, console)]
        bad = [c.name for c in verdict.judge(boot['name'], *texts, status, boot['suites'], modules)
               if c.verdict == 'fail']
        if bad:
            raise SystemExit(f'error: {self.cell["name"]}, {stack}: {"; ".join(bad)}: see {out}')
        return texts[0]

    def plugin(self, out, more=''):
        return [*ICOUNT, '-plugin', f'{OUT}/count.so,out={out},{PLUGIN[self.cell["machine"]]}{more}']

    def count(self):
        counts = {}
        for stack in self.stacks:
            lines = os.path.join(OUT, self.cell['name'], f'{stack}.counts')
            os.makedirs(os.path.dirname(lines), exist_ok=True)
            printed = self.boot(stack, 'counted', 'count', self.plugin(lines))
            with open(lines) as f:
                counts[stack] = report.counts_of(report.add_counts(report.read_samples(printed), f.read()))
        return counts

    def time(self, pairs):
        return [{stack: report.speeds_of(report.read_samples(self.boot(stack, f'timed {number + 1}', 'time')))
                 for stack in self.stacks} for number in range(pairs)]

    def profile(self, test):
        """Text: the functions that take most of the instructions of one test."""
        lines = []
        for stack in self.stacks:
            base = os.path.join(OUT, self.cell['name'], stack)
            os.makedirs(os.path.dirname(base), exist_ok=True)
            printed = self.boot(stack, f'profile of {test}', f'profile-{test}',
                                self.plugin(f'{base}.counts', f',profile={base}.profile'))
            symbols = '\n'.join(re.findall(r'# symbol (\S+ \S+)', printed))
            # As the plugin, without the first round.
            messages = sum(s['messages'] for s in report.read_samples(printed)[1:])
            with open(f'{base}.profile') as f:
                found = report.profile(f.read(), symbols, messages)
            lines += [f'{stack}, {test}: {sum(v for _, v in found):.0f} instructions of Linux per message']
            lines += [f'  {value:8.1f}  {name}' for name, value in found[:60]] + ['']
        return '\n'.join(lines)


def write(path, text):
    with open(path, 'w') as f:
        f.write(text)


def bench_cell(name, pairs):
    bench = Bench(name, len(cells.load(name)['boot']) * (1 + pairs))
    print(f'{name}: {bench.cell["title"]}; {bench.steps} boots')
    counts, speeds = bench.count(), bench.time(pairs)
    rows = report.compare(counts, report.speed_ratios(speeds))
    title = bench.cell['title']
    text = report.text(title, rows)
    write(os.path.join(OUT, f'{name}.txt'), text)
    write(os.path.join(OUT, f'{name}.json'), json.dumps(report.document(title, rows, speeds), indent=1))
    write(os.path.join(OUT, f'{name}.svg'), report.chart(title, rows))
    base = os.path.relpath(os.path.join(OUT, name), run.TOP)
    print(f'\n{text}\nalso: {base}.txt, {base}.json, {base}.svg')


def main():
    args = argparse.ArgumentParser()
    args.add_argument('--pairs', type=int, default=3, help='boots of each stack for the speed')
    args.add_argument('--profile', metavar='TEST', help='ping-16, to-remote-496 and so on: where the instructions go')
    args.add_argument('cells', nargs='+')
    args = args.parse_args()
    for name in args.cells:
        if not args.profile:
            bench_cell(name, args.pairs)
            continue
        text = Bench(name, len(cells.load(name)['boot'])).profile(args.profile)
        write(os.path.join(OUT, f'{name}.profile-{args.profile}.txt'), text)
        print(text)


if __name__ == '__main__':
    main()
