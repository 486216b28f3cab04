# SPDX-License-Identifier: GPL-2.0-only
"""The initramfs of one boot: the trees that build.sh made, without the programs of suites that do not run there.

Each suite is linked statically, for boards whose libraries nobody knows; all of them together are most of what a board
would unpack. Not compressed either: QEMU copies faster than an emulated CPU inflates, and a kernel with KASAN takes
half a minute for it.
"""

import os
import subprocess

import cells


def trees(arch, kernel, stack, tools=False):
    """The directories whose contents a board gets, those first that later ones lie over.

    arch: of the kernel, as it calls it
    kernel: the name of its directory in build/kernels
    tools: Debian's programs, too, and the kernel's image where a distribution has it, for kexec
    """
    own = os.path.join(cells.BUILD, 'kernels', kernel)
    found = [os.path.join(cells.BUILD, f'initramfs-{arch}'), os.path.join(own, f'root-{stack}')]
    return found + ([os.path.join(cells.BUILD, 'tools'), os.path.join(own, 'image')] if tools else [])


def contents(tree, without):
    """Paths below a tree, directories before what is in them."""
    for folder, folders, files in os.walk(tree):
        folders.sort()
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        yield os.path.relpath(folder, tree)
        for name in sorted(files + links):
            path = os.path.relpath(os.path.join(folder, name), tree)
            if path not in without:
                yield path


def pack(target, sources, suites=None):
    """Write the trees as archives that follow each other, which the kernel unpacks over each other.

    suites: the only ones that the board runs; None for all
    """
    everything = {s for name in cells.names() for boot in cells.load(name)['boot'] for s in boot['suites']}
    without = set() if suites is None else {f'selftests/{s}' for s in everything - set(suites)}
    with open(target, 'wb') as out:
        for source in sources:
            names = os.fsencode('\0'.join(contents(source, without)))
            # The header's own padding makes each archive end where another may begin.
            subprocess.run(['cpio', '--quiet', '-0', '-o', '-H', 'newc', '-R', '0:0'], cwd=source, input=names,
                           stdout=out, check=True)
