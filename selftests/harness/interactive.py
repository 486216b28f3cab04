#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Boot the first boot of zcu102-stock for a person: `interactive.py demo` prints a transcript and ends
with the demo's exit status; `interactive.py shell` gives a prompt on the board's console.
"""

import os
import re
import subprocess
import sys

import board
import cells
import initramfs
import run


def start(mode):
    cell = cells.load('zcu102-stock')
    kernel = run.read_env(os.path.join(cells.BUILD, 'kernels', cell['kernel'], 'env'))
    machine = board.ZynqMP(run.read_env(os.path.join(cells.BUILD, 'env')), kernel, cells.BUILD)
    out = os.path.join(cells.BUILD, 'results', mode)
    os.makedirs(out, exist_ok=True)
    initrd, dtb = os.path.join(out, 'initramfs.cpio'), os.path.join(out, 'board.dtb')
    initramfs.pack(initrd, initramfs.trees(kernel['K_ARCH'], cell['kernel'], 'ours'))
    modules = ','.join(run.stack_modules(machine, cell, 'ours'))
    cmdline = (f'console={machine.console},115200 quiet panic=-1 amp.mode={mode} amp.result={machine.result} '
               f'amp.end={machine.end} amp.modules={modules}')
    machine.prepare(os.path.join(cells.BUILD, 'dtb', f'{cell["name"]}-{cell["boot"][0]["name"]}.dtb'),
                    dtb, initrd, cmdline)
    return machine, out, lambda console, result: machine.command(dtb, initrd, cmdline, console, result)


def shell():
    _, _, command = start('shell')
    cmd = command('mon:stdio', 'null') + ['-display', 'none']
    if os.environ.get('GDB'):
        print('gdb-multiarch -ex "target extended-remote :1234"; the A53s are inferior 1, the R5s inferior 2:\n'
              '  add-inferior / inferior 2 / attach 2')
        cmd += ['-s']
    os.execv(cmd[0], cmd)


def demo():
    _, out, command = start('demo')
    console, result = os.path.join(out, 'console.log'), os.path.join(out, 'result.ktap')
    for path in (console, result):
        open(path, 'w').close()
    cmd = command(f'file:{console}', f'file:{result}') + ['-display', 'none', '-monitor', 'none']
    with open(console, errors='replace', newline='') as follow:
        def show(_seconds):
            sys.stdout.write(follow.read().replace('\r', ''))
            sys.stdout.flush()

        status = board.run(cmd, [console, result], os.path.join(out, 'qemu.log'), show)
        show(0)
    with open(result, errors='replace') as f:
        end = re.search(r'^# amp-end status=(\d+)', f.read(), re.MULTILINE)
    if status != 0 or not end:
        print(f'error: the board did not end by itself as it should: see {os.path.relpath(out)}')
        return 1
    return int(end.group(1))


if __name__ == '__main__':
    try:
        sys.exit(shell() if sys.argv[1] == 'shell' else demo())
    except (KeyboardInterrupt, subprocess.CalledProcessError) as e:
        sys.exit(f'error: {e!r}')
