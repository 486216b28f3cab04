# SPDX-License-Identifier: GPL-2.0-only
"""Boot a board in QEMU: command line, watching over it, what it leaves behind."""

import os
import signal
import subprocess
import time

# Loaded where Debian's arm64 Image, a devicetree and an initramfs have room below the carveouts.
KERNEL_ADDR = 0x00200000
DTB_ADDR = 0x08000000
INITRD_ADDR = 0x09000000

# Nobody waits for a time: these only decide when a machine counts as lost.
STALL_S = 300
LIMIT_S = 2400


def fdtput(dtb, node, prop, *values, kind=None):
    cmd = ['fdtput', '-p'] + (['-t', kind] if kind else []) + [dtb, node, prop, *map(str, values)]
    subprocess.run(cmd, check=True)


def prepare_dtb(source, target, initrd, cmdline, memory_mib):
    """What a boot loader does to the devicetree: memory, command line, initramfs."""
    with open(source, 'rb') as src, open(target, 'wb') as dst:
        dst.write(src.read())
    fdtput(target, '/memory@0', 'reg', 0, 0, 0, hex(memory_mib << 20), kind='x')
    fdtput(target, '/chosen', 'bootargs', cmdline, kind='s')
    end = INITRD_ADDR + os.path.getsize(initrd)
    fdtput(target, '/chosen', 'linux,initrd-start', hex(INITRD_ADDR), kind='x')
    fdtput(target, '/chosen', 'linux,initrd-end', hex(end), kind='x')


class ZynqMP:
    """xlnx-zcu102: four A53s under our EL3 monitor, two R5s."""

    # With -m 2048 the machine has this much in its low window, below the last MiB.
    memory_mib = 2047
    console = 'ttyPS0'
    result = 'ttyPS1'

    def __init__(self, env, build):
        self.env = env
        self.build = build

    def command(self, dtb, initrd, serials):
        def load(path, addr):
            return ['-device', f'loader,file={path},addr={addr:#x},force-raw=on']

        cmd = [self.env['QEMU'], '-M', 'xlnx-zcu102,secure=on,audiodev=none', '-audiodev', 'none,id=none',
               '-smp', '6', '-m', '2048', '-nodefaults', '-no-reboot',
               '-semihosting-config', 'enable=on,target=native',
               '-device', f'loader,file={self.build}/monitor/monitor.elf,cpu-num=0']
        cmd += load(self.env['KIMAGE'], KERNEL_ADDR)
        cmd += load(dtb, DTB_ADDR) + load(initrd, INITRD_ADDR)
        for serial in serials:
            cmd += ['-serial', serial]
        return cmd


def _sizes(paths):
    return [os.path.getsize(p) if os.path.exists(p) else 0 for p in paths]


def run(cmd, outputs, log, on_progress=None):
    """Run QEMU until it ends by itself. Returns its exit status, or None if it had to be ended."""
    start = changed = time.monotonic()
    sizes = _sizes(outputs)
    with open(log, 'wb') as err:
        proc = subprocess.Popen(cmd, stdin=subprocess.DEVNULL, stdout=err, stderr=err,
                                start_new_session=True)
        try:
            while proc.poll() is None:
                time.sleep(0.1)
                now = time.monotonic()
                if _sizes(outputs) != sizes:
                    sizes, changed = _sizes(outputs), now
                if now - changed > STALL_S or now - start > LIMIT_S:
                    return None
                if on_progress:
                    on_progress(now - start)
            return proc.returncode
        finally:
            if proc.poll() is None:
                os.killpg(proc.pid, signal.SIGKILL)
                proc.wait()
