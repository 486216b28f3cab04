# SPDX-License-Identifier: GPL-2.0-only
"""The boards in QEMU: command line, what a boot loader does to a devicetree, watching over a run."""

import os
import subprocess
import time

import group

# Nobody waits for a time: these only decide when a machine counts as lost.
STALL_S = 300
LIMIT_S = 2400
# For a silent board to say what its tasks wait for.
ANSWER_S = 30


def fdtput(dtb, node, prop, *values, kind=None):
    cmd = ['fdtput', '-p'] + (['-t', kind] if kind else []) + [dtb, node, prop, *map(str, values)]
    subprocess.run(cmd, check=True)


def copy(source, target):
    with open(source, 'rb') as src, open(target, 'wb') as dst:
        dst.write(src.read())


def fdtget(dtb, *args):
    return subprocess.run(['fdtget', *args[:-1], dtb, *args[-1]], check=True, capture_output=True, text=True).stdout.split()


def reserved(dtb):
    """What a devicetree reserves at a fixed place: name, first address and the one behind the last."""
    top = '/reserved-memory'
    if 'reserved-memory' not in fdtget(dtb, '-l', ['/']):
        return
    address, size = (int(fdtget(dtb, [top, f'#{kind}-cells'])[0]) for kind in ('address', 'size'))
    for name in fdtget(dtb, '-l', [top]):
        words = [f'{int(w, 16):08x}' for w in fdtget(dtb, '-tx', '-d', '', [f'{top}/{name}', 'reg'])]
        if words:
            start = int(''.join(words[:address]), 16)
            yield name, start, start + int(''.join(words[address:address + size]), 16)


def place_initrd(dtb, start, initrd):
    """Tell Linux where the initramfs is, which the firmware of a remote core must not be loaded over."""
    end = start + os.path.getsize(initrd)
    for name, first, behind in reserved(dtb):
        if start < behind and first < end:
            raise SystemExit(f'error: the initramfs, {start:#x} to {end:#x}, lies in {name}: make room')
    fdtput(dtb, '/chosen', 'linux,initrd-start', hex(start), kind='x')
    fdtput(dtb, '/chosen', 'linux,initrd-end', hex(end), kind='x')


class ZynqMP:
    """xlnx-zcu102: four A53s under our EL3 monitor, two R5s."""

    # Loaded where Debian's arm64 Image, a devicetree and an initramfs have room below the carveouts.
    KERNEL_ADDR = 0x00200000
    DTB_ADDR = 0x08000000
    INITRD_ADDR = 0x09000000
    # Where the monitor looks for programs to start on the R5s before Linux.
    PRELOAD_ADDR = 0x30000000
    PRELOAD_BYTES = 0x00400000
    # With -m 2048 the machine has this much in its low window, below the last MiB.
    MEMORY_MIB = 1024
    # So many of the A53s Linux takes, unless a boot says otherwise: four that wake each other all the time
    # need half as much again of the host's time for the same, which is for suites that look for races.
    cpus = 2
    console = 'ttyPS0'
    result = 'ttyPS1'
    end = 'poweroff'
    modules = ['amp_rproc', 'zynqmp-ipi-mailbox', 'xlnx_r5_remoteproc']
    in_tree = ['zynqmp-ipi-mailbox', 'xlnx_r5_remoteproc']
    rpmsg = []

    def __init__(self, env, kernel, build):
        self.env = env
        self.kernel = kernel
        self.build = build

    def prepare(self, source, dtb, initrd, cmdline):
        """What a boot loader does to the devicetree: memory, command line, initramfs."""
        copy(source, dtb)
        fdtput(dtb, '/memory@0', 'reg', 0, 0, 0, hex(self.MEMORY_MIB << 20), kind='x')
        fdtput(dtb, '/chosen', 'bootargs', cmdline, kind='s')
        place_initrd(dtb, self.INITRD_ADDR, initrd)

    def command(self, dtb, initrd, cmdline, console, result):
        def load(path, addr):
            return ['-device', f'loader,file={path},addr={addr:#x},force-raw=on']

        cmd = [self.env['QEMU'], '-M', 'xlnx-zcu102,secure=on,audiodev=none', '-audiodev', 'none,id=none',
               '-smp', '6', '-m', '2048', '-nodefaults', '-no-reboot',
               '-semihosting-config', 'enable=on,target=native',
               '-device', f'loader,file={self.build}/monitor/monitor.elf,cpu-num=0']
        cmd += load(self.kernel['K_IMAGE'], self.KERNEL_ADDR)
        cmd += load(dtb, self.DTB_ADDR) + load(initrd, self.INITRD_ADDR)
        return cmd + ['-serial', console, '-serial', result]

    def preload(self, boot):
        """Programs that a boot loader would start: `preload` of a boot has one for each number of a core."""
        args = []
        for core, program in boot.get('preload', {}).items():
            addr = self.PRELOAD_ADDR + int(core) * self.PRELOAD_BYTES
            path = f'{self.build}/firmware/amp-{program}-r5-{core}.elf'
            args += ['-device', f'loader,file={path},addr={addr:#x},force-raw=on']
        return args


class _Arm32:
    """Boards that QEMU itself boots as a boot loader would: image, devicetree, initramfs, command line."""

    machine_args = []
    # All there are.
    cpus = None
    # What of our rpmsg only this board has.
    rpmsg = []

    def __init__(self, env, kernel, build):
        self.env = env
        self.kernel = kernel

    def prepare(self, source, dtb, initrd, cmdline):
        copy(source, dtb)

    def serials(self, console, result):
        raise NotImplementedError

    def preload(self, boot):
        if 'preload' in boot:
            raise SystemExit(f'error: boot {boot["name"]}: nothing on this board starts a remote before Linux')
        return []

    def command(self, dtb, initrd, cmdline, console, result):
        cmd = [self.env['QEMU'], *self.machine_args, '-nodefaults', '-no-reboot',
               '-kernel', self.kernel['K_IMAGE'], '-dtb', dtb, '-initrd', initrd, '-append', cmdline]
        for serial in self.serials(console, result):
            cmd += ['-serial', serial]
        return cmd


class ImX7D(_Arm32):
    """mcimx7d-sabre: two A7s, a Cortex-M4 and the Messaging Unit."""

    machine_args = ['-M', 'mcimx7d-sabre', '-smp', '3', '-m', '1G']
    console = 'ttymxc0'
    # UART6; the board's devicetree enables UART1 and this one.
    result = 'ttymxc5'
    end = 'poweroff'
    modules = ['amp_rproc', 'imx-mailbox', 'imx_rproc']
    rpmsg = ['imx_rpmsg']
    in_tree = ['imx-mailbox', 'imx_rproc']

    def serials(self, console, result):
        return [console, 'null', 'null', 'null', 'null', result]


class Zynq7(_Arm32):
    """xilinx-zynq-a9 with two CPUs. It cannot power off: a run ends with a reset or, where a suite resets the
    machine, with a halt, upon which it is switched off.

    Loaded as by a boot loader and not by QEMU, which would make all of the DDR Linux's, whatever the
    devicetree has in mind for the beginning of it.
    """

    LOADER_ADDR = 0x01000000
    KERNEL_ADDR = 0x02000000
    DTB_ADDR = 0x08000000
    INITRD_ADDR = 0x09000000
    # SLCR: unlocked, the PLL of the CPUs as the boards' own boot loaders leave it, locked. Then Linux.
    LOADER = [0xe3a004f8,              # mov  r0, #0xf8000000
              0xe59f1024, 0xe5801008,  # ldr  r1, key;     str r1, [r0, #SLCR_UNLOCK]
              0xe59f1020, 0xe5801100,  # ldr  r1, pll;     str r1, [r0, #ARM_PLL_CTRL]
              0xe59f101c, 0xe5801004,  # ldr  r1, nokey;   str r1, [r0, #SLCR_LOCK]
              0xe3a00000, 0xe3e01000,  # mov  r0, #0;      mvn r1, #0
              0xe59f2010, 0xe59ff010,  # ldr  r2, dtb;     ldr pc, kernel
              0, 0x0000df0d, 0x00014008, 0x0000767b, DTB_ADDR, KERNEL_ADDR]
    # The zc702's devicetree calls UART1 serial0; UART0 gets the next number.
    console = 'ttyPS0'
    result = 'ttyPS1'
    end = 'reboot'
    modules = ['amp_rproc', 'zynq_remoteproc']
    in_tree = []

    def prepare(self, source, dtb, initrd, cmdline):
        """What a boot loader does to the devicetree, which says itself what memory there is."""
        copy(source, dtb)
        fdtput(dtb, '/chosen', 'bootargs', cmdline, kind='s')
        place_initrd(dtb, self.INITRD_ADDR, initrd)

    def command(self, dtb, initrd, cmdline, console, result):
        def load(what, addr):
            return ['-device', f'loader,{what},addr={addr:#x}']

        cmd = [self.env['QEMU'], '-M', 'xilinx-zynq-a9', '-smp', '2', '-m', '1G', '-nodefaults', '-no-reboot']
        for number, word in enumerate(self.LOADER):
            cmd += load(f'data={word:#x},data-len=4', self.LOADER_ADDR + 4 * number)
        cmd += load('cpu-num=0', self.LOADER_ADDR)
        cmd += load(f'file={self.kernel["K_IMAGE"]},force-raw=on', self.KERNEL_ADDR)
        cmd += load(f'file={dtb},force-raw=on', self.DTB_ADDR)
        cmd += load(f'file={initrd},force-raw=on', self.INITRD_ADDR)
        return cmd + ['-serial', result, '-serial', console]


MACHINES = {'zynqmp': ZynqMP, 'imx7d': ImX7D, 'zynq7': Zynq7}


def _sizes(paths):
    return [os.path.getsize(p) if os.path.exists(p) else 0 for p in paths]


class Console:
    """A serial console that leaves what the board says in a file, and can be typed on."""

    def __init__(self, path):
        self.keys = path + '.keys'
        if os.path.exists(self.keys):
            os.unlink(self.keys)
        os.mkfifo(self.keys)
        # For reading too, so that neither we nor QEMU have to wait for the other.
        self.pipe = os.open(self.keys, os.O_RDWR | os.O_NONBLOCK)
        self.args = ['-chardev', f'file,id=console,path={path},input-path={self.keys}']
        self.serial = 'chardev:console'

    def enter(self):
        os.write(self.pipe, b'\n')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.pipe)
        os.unlink(self.keys)


def halted(console):
    """Whether Linux has come to rest for good, by what it said there."""
    if not os.path.exists(console):
        return False
    with open(console, 'rb') as f:
        f.seek(max(0, os.path.getsize(console) - 200))
        return b'reboot: System halted' in f.read()


def run(cmd, outputs, log, on_progress=None, slow=1, on_silence=None, is_over=None):
    """Run QEMU until it ends by itself. Returns its exit status, or None if it had to be ended.

    slow: how many times slower than usual the kernel is
    on_silence: called once, before a board that says nothing any more is ended; it may have an answer.
                That may also wake what had been forgotten, so such a board is lost in any case
    is_over: for a board that cannot end QEMU by itself: whether it is to be switched off
    """
    start = changed = time.monotonic()
    patience, lost = STALL_S * slow, False
    sizes = _sizes(outputs)
    with open(log, 'wb') as err:
        proc = group.start(cmd, stdout=err, stderr=err)
        try:
            while proc.poll() is None:
                time.sleep(0.1)
                now = time.monotonic()
                if _sizes(outputs) != sizes:
                    sizes, changed = _sizes(outputs), now
                if now - changed > patience and on_silence:
                    on_silence()
                    changed, patience, on_silence, lost = now, ANSWER_S * slow, None, True
                if now - changed > patience or now - start > LIMIT_S * slow:
                    return None
                if on_progress:
                    on_progress(now - start)
                if is_over and is_over():
                    proc.terminate()
                    is_over = None
            return None if lost else proc.returncode
        finally:
            group.end(proc)
