# SPDX-License-Identifier: GPL-2.0-only
"""The cells: which kernel with which drivers boots on which machine, and what runs there.

usage: cells.py core|all|kernels|stacks|boots|list [CELL...]
       cells.py have BOOTS [CELL...]
       cells.py installed MACHINE
  core, all   names of cells
  kernels     the kernels that the cells need
  stacks      kernel and stack of each, one pair a line, none twice
  boots       all boots, one a line: cell, boot, devicetree, kernel, overlays
  list        for people: each cell, what it needs, and what of that is in the cache
  have        an error, if one of these names is no boot of any of the cells
  installed   the suites that a board of this kind runs with its user's devicetree, in order

A stack, of a cell or of one boot of it, says whose modules there are where both we and the kernel have one:
  ours        ours
  in-tree     the kernel's, none of ours
  our-soc     our remoteproc and mailbox drivers below the kernel's rpmsg
  our-rpmsg   our rpmsg above the kernel's remoteproc and mailbox drivers
"""

import glob
import os
import re
import subprocess
import sys
import tomllib

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..'))
CELLS = os.path.join(TOP, 'selftests', 'cells')
BUILD = os.environ.get('BUILD', os.path.join(TOP, 'build'))
STACKS = ('ours', 'in-tree', 'our-soc', 'our-rpmsg')
# What a cell and a boot may say; see Documentation/testing.rst.
CELL_KEYS = {'title', 'machine', 'kernel', 'dtb', 'stack', 'core', 'cpus', 'slow', 'built_in', 'boots_of', 'only',
             'without', 'core_boots', 'observed', 'boot'}
BOOT_KEYS = {'name', 'overlays', 'suites', 'variant', 'cmdline', 'preload', 'resets', 'starts', 'cpus', 'tools',
             'canary', 'core', 'stack', 'observed', 'provokes', 'installed', 'not_installed'}
# Takes the drivers away, with whoever loads them again.
LAST = 'remoteproc/rmmod.sh'
# Runs all that is installed.
RUNNER = 'verdict/as_installed.sh'


def names():
    return sorted(os.path.splitext(os.path.basename(p))[0] for p in glob.glob(os.path.join(CELLS, '*.toml')))


def load(name):
    path = os.path.join(CELLS, name + '.toml')
    if not os.path.exists(path):
        raise SystemExit(f'error: no cell named {name}; there are: {" ".join(names())}')
    with open(path, 'rb') as f:
        cell = tomllib.load(f)
    cell.setdefault('stack', 'ours')
    # A cell may run what another one lists: the same suites on another kernel.
    offered = load(cell['boots_of'])['boot'] if 'boots_of' in cell else []
    boots = [b for b in offered if b['name'] in cell.get('only', [b['name']]) and b['name'] not in cell.get('without', [])]
    # What `make test` runs there says nothing about here, and what is installed has been said.
    for boot in boots:
        boot.pop('installed', None)
        boot.pop('not_installed', None)
        boot['core'] = boot['name'] in cell.get('core_boots', [])
    cell['boot'] = boots + cell.get('boot', [])
    for wrong in misnamed(cell, [b['name'] for b in offered]):
        raise SystemExit(f'error: {path}: {wrong}')
    for boot in cell['boot']:
        boot.setdefault('stack', cell['stack'])
        boot.setdefault('core', cell.get('core', False))
        boot.setdefault('observed', cell.get('observed', {}))
        if 'cpus' in cell:
            boot['cpus'] = cell['cpus']
        for wrong in mistakes(cell, boot):
            raise SystemExit(f'error: {path}, boot {boot["name"]}: {wrong}')
    return dict(cell, name=name)


def misnamed(cell, offered):
    """What a cell says in words that mean nothing; offered: the names of the boots that it could take over."""
    for key in sorted(set(cell) - CELL_KEYS):
        yield f'unknown key {key}'
    names = [boot['name'] for boot in cell['boot']]
    for name in sorted({n for n in names if names.count(n) > 1}):
        yield f'there are two boots named {name}'
    for key, there in (('only', offered), ('without', offered), ('core_boots', names)):
        for name in cell.get(key, []):
            if name not in there:
                yield f'{key}: no boot named {name}; there are: {" ".join(there)}'


def need_boots(cells, names):
    """Refuse names that no boot of these cells has."""
    there = dict.fromkeys(boot['name'] for cell in cells for boot in cell['boot'])
    for name in names:
        if name not in there:
            raise SystemExit(f'error: no boot named {name} in {" ".join(c["name"] for c in cells)}; '
                             f'there are: {" ".join(there)}')


def not_like(key, like):
    """What is wrong with a regular expression that is to tell one reason from others."""
    try:
        if re.search(like, ''):
            yield f'{key}: every reason is "like" {like!r}'
    except re.error as e:
        yield f'{key}: "like" is no regular expression: {e}'


def mistakes(cell, boot):
    """What a boot may not say."""
    for key in sorted(set(boot) - BOOT_KEYS):
        yield f'unknown key {key}'
    for suite in boot.get('not_installed', []):
        if not boot.get('installed') or suite not in boot['suites']:
            yield f'not_installed: {suite} would not be'
    if boot['stack'] not in STACKS:
        yield f'unknown stack {boot["stack"]}'
    if boot['observed'] and boot['stack'] == 'ours' and not cell.get('built_in'):
        yield 'all drivers are ours, so that nothing can be set aside'
    for key, like in boot.get('provokes', {}).items():
        if ': ' not in key:
            yield f'{key}: what is provoked is a case, "SUITE: CASE"'
        yield from not_like(key, like)
    for key, known in boot['observed'].items():
        if not isinstance(known, str) and sorted(known) != ['like', 'seen']:
            yield f'{key}: what was seen is a text or has "seen" and "like"'
        elif not isinstance(known, str):
            yield from not_like(key, known['like'])
        if ': ' not in key and isinstance(known, str):
            yield f'{key}: a whole suite is set aside only where the reason is "like" what was seen'


def installed(machine):
    """The suites of the boots that say so, none twice."""
    boots = [boot for cell in map(load, names()) if cell['machine'] == machine for boot in cell['boot'] if boot.get('installed')]
    suites = dict.fromkeys(s for boot in boots for s in boot['suites'] if s not in boot.get('not_installed', []))
    if not suites:
        raise SystemExit(f'error: no boot of machine {machine} is installed')
    return sorted(suites, key=lambda suite: suite == LAST)


def programs(cell, boot):
    """The suites that have to be on the board of a boot, because it or one of them runs them."""
    return boot['suites'] + (installed(cell['machine']) if RUNNER in boot['suites'] else [])


def states(parts):
    """Of each part whether a run would have to fetch or build it first: set-up knows what is in the cache."""
    setup = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'setup.sh')
    said = subprocess.run([setup, '--cached', *parts], stdout=subprocess.PIPE, text=True, check=True).stdout
    return dict(line.split(' ', 1) for line in said.splitlines())


def listing(cells):
    state = states(['base', 'board', 'source', *dict.fromkeys(c['kernel'] for c in cells)])
    print(f'all need tools and headers ({state["base"]}), QEMU ({state["board"]}), '
          f'parts of the kernel source ({state["source"]})')
    for cell in cells:
        where = 'test' if cell.get('core') else 'test-all'
        core = sum(b['core'] for b in cell['boot']) if cell.get('core') else 0
        print(f'{cell["name"]:<20} {where:<9} {cell["machine"]:<7} {cell["kernel"]} ({state[cell["kernel"]]}), '
              f'{", ".join(dict.fromkeys(b["stack"] for b in cell["boot"]))}')
        print(f'{"":<20} {cell["title"]}; {len(cell["boot"])} boots, {core or "none"} of them in make test')


def main():
    what, given = sys.argv[1], sys.argv[2:]
    if what == 'installed':
        print(*installed(*given), sep='\n')
        return
    wanted = given.pop(0).split() if what == 'have' else []
    chosen = [load(name) for name in given or names()]
    if what == 'core':
        print(*(c['name'] for c in chosen if c.get('core')))
    elif what == 'all':
        print(*(c['name'] for c in chosen))
    elif what == 'kernels':
        print(*dict.fromkeys(c['kernel'] for c in chosen), sep='\n')
    elif what == 'stacks':
        print(*dict.fromkeys(f'{c["kernel"]} {b["stack"]}' for c in chosen for b in c['boot']), sep='\n')
    elif what == 'boots':
        for cell in chosen:
            for boot in cell['boot']:
                print(cell['name'], boot['name'], cell['dtb'], cell['kernel'], *boot['overlays'])
    elif what == 'list':
        listing(chosen)
    elif what == 'have':
        need_boots(chosen, wanted)
    else:
        raise SystemExit(__doc__)


if __name__ == '__main__':
    main()
