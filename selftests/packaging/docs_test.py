#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 linux-amp developers
"""The documents say what is so: commands are run by a test or listed with a reason, messages are in the sources, numbers
are what they were said to be, devicetree bindings are valid. Run inside the root file system with the tools. Prints KTAP.

usage: docs_test.py TREE KERNEL-DOC
"""

import fnmatch
import glob
import os
import re
import shutil
import subprocess
import sys

from ruamel.yaml import YAML

import suite

TREE, KERNEL_DOC = sys.argv[1:3]
DOCS = os.path.join(TREE, 'Documentation')
PAGES = sorted(glob.glob(DOCS + '/*.rst') + glob.glob(DOCS + '/*/*.rst') + glob.glob(DOCS + '/*.inc')) + [os.path.join(TREE, 'README.md')]
# What a reader types begins with one of these.
PROGRAMS = ('make', 'sudo', 'dkms', 'apt', 'modinfo', 'modprobe', 'dtc', 'tools/', 'echo', 'cat', 'dmesg', 'ls', 'cd',
            'bitbake-layers', 'rpmsg_say', '/usr/lib/linux-amp', 'udevadm', 'sh', './', 'python3', 'git', 'apt-get',
            'groupadd', 'chrt', 'exec', 'gcc', 'petalinux-config')


def read(path):
    with open(path) as f:
        return f.read()


def run(*command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    assert done.returncode == 0, f'{" ".join(command)}: {done.returncode}\n{done.stdout}'
    return done.stdout


def literal_blocks(text):
    """Lines of the blocks that follow `::`, or are indented by four in Markdown."""
    inside = waiting = False
    for line in text.split('\n'):
        if not line.strip():
            continue
        indented = line.startswith(('\t', '    ', '  '))
        if inside and indented:
            yield line.strip()
            continue
        inside = waiting and indented
        if inside:
            yield line.strip()
        waiting = line.rstrip().endswith('::')
        if not waiting and not inside and not indented:
            waiting = False


def inline(text, mark):
    """Commands in the running text: more than a name, which is not there to be typed. A comment's second line is none."""
    for found in re.findall(mark + '([^`]+)' + mark, re.sub(r'^\.\. .*$', '', text, flags=re.MULTILINE)):
        if ' ' in found:
            yield ' '.join(found.split())


def commands(path):
    text = read(path)
    if path.endswith('.md'):
        lines = [s.strip() for s in text.split('\n') if s.startswith('    ')] + list(inline(text, '`'))
    else:
        lines = list(literal_blocks(text)) + list(inline(text, '``'))
    for line in lines:
        line = re.sub(r'^[#$] ', '', line)
        line = re.sub(r'\s+# .*$', '', line).strip()
        if line.startswith(PROGRAMS) and ' = ' not in line.split('(')[0]:
            yield line


def run_or_listed():
    """every command is run by a test, or is in the list with a reason"""
    known = {}
    for number, line in enumerate(read(os.path.join(TREE, 'selftests/packaging/commands')).split('\n'), 1):
        if line and not line.startswith('#'):
            command, _, by = line.partition('\t')
            assert by.strip(), f'commands:{number}: nothing said of it'
            known[command] = by.strip()
    used, missing = set(), []
    for page in PAGES:
        for command in commands(page):
            used.add(command)
            if command not in known:
                missing.append(f'{os.path.relpath(page, TREE)}: {command}')
    assert not missing, 'neither run nor listed:\n' + '\n'.join(missing)
    stale = set(known) - used
    assert not stale, f'listed, but in no document: {sorted(stale)}'
    # "run by FILE: TEXT" has to be true.
    for command, by in known.items():
        match = re.fullmatch(r'run by (\S+)(?:: (.*))?', by)
        if match:
            text = read(os.path.join(TREE, match.group(1)))
            assert (match.group(2) or command) in text, f'{command}: not in {match.group(1)}'
        else:
            assert by.startswith('not run: '), f'{command}: {by}'


def messages():
    """messages in the troubleshooting page are in the sources"""
    sources = ''
    for path in glob.glob(TREE + '/drivers/*/*.c') + glob.glob(TREE + '/drivers/*/*.h') + \
            glob.glob(TREE + '/compat/*.sh') + [TREE + '/Kbuild', TREE + '/tools/dkms']:
        # Strings that go on in the next line are one.
        sources += re.sub(r'"\s*\n\s*"', '', read(path)).replace('\\"', '"') + '\n'
    # Those of others
    foreign = ('Dying CPU', 'Key was rejected', 'Exec format error', 'disagrees about', 'Bad return status',
               'Direct firmware load', 'remoteproc0', 'modinfo', 'EBUSY', 'EAGAIN', 'EMSGSIZE', 'EPIPE', 'ETIMEDOUT', 'EACCES')
    seen = 0
    for entry in re.findall(r'^(?=``)(.*)\n\t', read(DOCS + '/troubleshooting.rst'), re.MULTILINE):
        for message in re.findall(r'``([^`]+)``', entry):
            if message.startswith(foreign) or message.startswith('/'):
                continue
            for part in message.split('%'):
                part = part.strip(' :,."')
                assert part in sources, f'{message}: no "{part}" in the sources'
            seen += 1
    assert seen > 30, seen


def licenses():
    """debian/copyright gives each file the license that its first lines do"""
    stanzas = re.findall(r'^Files: (.*(?:\n .*)*)\nCopyright: .*\nLicense: (\S+)(?: with (\S+))?',
                         read(TREE + '/debian/copyright'), re.MULTILINE)
    seen = set()
    for directory, below, names in os.walk(TREE):
        below[:] = set(below) - {'.git', 'build', 'generated', '__pycache__', 'LICENSES'}
        for name in names:
            path = os.path.relpath(os.path.join(directory, name), TREE)
            with open(os.path.join(TREE, path), errors='replace') as f:
                head = ''.join(f.readline(200) for _ in range(6))
            said = re.search(r'^\W*SPDX-License-Identifier: (\S+)(?: WITH (\S+))?', head, re.MULTILINE)
            if not said:
                continue
            # Of several that match the last counts; the first is for everything.
            found = [s[1:] for s in stanzas if any(fnmatch.fnmatch(path, p) for p in s[0].split())]
            assert said.groups('') == found[-1], f'{path}: {said.group()}, {found[-1]}'
            seen.add(found[-1])
    assert len(seen) == len(stanzas), seen


def line_counts():
    """sizes in the page on porting are about right"""
    rows = re.findall(r'``(drivers/\S+)``\s+(\d+)$', read(DOCS + '/porting.rst'), re.MULTILINE)
    assert len(rows) > 8, rows
    for path, said in rows:
        real = len(read(os.path.join(TREE, path)).split('\n')) - 1
        assert abs(real - int(said)) <= real / 4, f'{path}: {said} said, {real} are'


def transcripts():
    """the quick starts show transcripts that a suite compares with a board"""
    for path in sorted(glob.glob(f'{DOCS}/transcripts/quickstart-*')):
        text, name = read(path), os.path.basename(path)
        assert text.startswith('# ') and text.count('\n# ') > 3, name
        # quickstart-SOC, or quickstart-SOC-VARIANT
        page = read(f'{DOCS}/{"-".join(name.split("-")[:2])}.rst')
        assert re.search(f'transcripts/{name}$', page, re.MULTILINE), name
        # Whoever types it has to have the firmware and the program.
        for firmware in re.findall(r'amp-[\w-]+\.elf', text):
            assert firmware in page and 'include:: quickstart-programs.inc' in page, f'{name}: {firmware}'


def versions():
    """versions in the documents are the package's"""
    version = re.search(r'AMP_VERSION\t"(.*)"', read(TREE + '/include/linux/amp_version.h')).group(1)
    for page in PAGES:
        for found in re.findall(r'linux-amp(?:-dkms_|/)(\d+\.\d+\.\d+)', read(page)):
            assert found == version, f'{page}: {found}'


def bindings():
    """devicetree bindings follow the meta-schema, their examples compile and follow them"""
    base = DOCS + '/bindings'
    out = run('dt-doc-validate', '-u', base, base)
    assert not out.strip(), out
    schema = '/tmp/schema.json'
    out = run('sh', '-c', f'dt-mk-schema -j {base} > {schema}')
    assert not out.strip(), out
    paths = glob.glob(base + '/*/*.yaml')
    assert len(paths) >= 8, paths
    for path in paths:
        with open('/tmp/example.dts', 'w') as f:
            f.write(subprocess.run(['dt-extract-example', path], check=True, capture_output=True, text=True).stdout)
        # The frame that dt-extract-example puts around has cells that not every example needs.
        out = run('dtc', '-Wno-avoid_unnecessary_addr_size', '-O', 'dtb', '-o', '/tmp/example.dtb', '/tmp/example.dts')
        out += run('dt-validate', '-s', schema, '/tmp/example.dtb')
        assert not out.strip(), f'{path}: {out}'


# Marks for boot loaders, which any node may have: later releases of dt-validate know. A node with another one besides
# is found.
BOOT_PHASE = re.compile(r": 'bootph-[a-z-]+' does not match any of the regexes: ")


def against(bindings, paths):
    """What is wrong with devicetrees by bindings of ours. What the rest of a board is like is the kernel's affair."""
    run('dt-mk-schema', '-j', '-o', '/tmp/boards.json', bindings)
    said = subprocess.run(['dt-validate', '-s', '/tmp/boards.json'] + paths, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True).stdout
    assert 'Traceback' not in said, said
    ours, last = [], ''
    for line in said.split('\n'):
        if 'rom schema' in line and bindings in line:
            ours += [last] if not BOOT_PHASE.search(last) else []
        elif not line.startswith('\t'):
            last = line
    return ours


def boards():
    """the devicetrees that boards boot with follow the bindings, but for those that are wrong on purpose"""
    paths = [p for p in glob.glob('/test/dtb/*.dtb') if '-bad-' not in p]
    assert len(paths) > 10, paths
    found = against(DOCS + '/bindings', paths)
    assert not found, '\n'.join(found)


def boards_can_fail():
    """they do not follow a binding that knows no cluster mode"""
    shutil.copytree(DOCS + '/bindings', '/tmp/strict', dirs_exist_ok=True)
    path = '/tmp/strict/remoteproc/xlnx,zynqmp-r5fss.yaml'
    text = read(path).replace('enum: [0, 1, 2]', 'enum: [7]')
    with open(path, 'w') as f:
        f.write(text)
    assert any('cluster-mode' in f for f in against('/tmp/strict', sorted(glob.glob('/test/dtb/zcu102-stock-split*.dtb'))))


def bindings_can_fail():
    """an example with a wrong property does not pass"""
    text = read(DOCS + '/bindings/remoteproc/xlnx,zynqmp-r5fss.yaml').replace('cluster-mode = <0>', 'cluster-mode = <7>')
    os.makedirs('/tmp/wrong/remoteproc', exist_ok=True)
    with open('/tmp/wrong/remoteproc/xlnx,zynqmp-r5fss.yaml', 'w') as f:
        f.write(text)
    run('sh', '-c', 'dt-mk-schema -j /tmp/wrong > /tmp/wrong.json && '
        'dt-extract-example /tmp/wrong/remoteproc/*.yaml > /tmp/wrong.dts && '
        'dtc -Wno-avoid_unnecessary_addr_size -O dtb -o /tmp/wrong.dtb /tmp/wrong.dts')
    assert 'cluster-mode' in subprocess.run(['dt-validate', '-s', '/tmp/wrong.json', '/tmp/wrong.dtb'],
                                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout


def strings(schema):
    """All that a part of a schema allows"""
    if isinstance(schema, str):
        return {schema}
    values = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else []
    return set().union(*map(strings, values))


def compatibles():
    """each compatible of a driver is in a binding, and on a driver's page"""
    pages = ''.join(read(p) for p in glob.glob(DOCS + '/drivers/*.rst'))
    described = set()
    for path in glob.glob(DOCS + '/bindings/*/*.yaml'):
        with open(path) as f:
            described |= strings(YAML(typ='safe').load(f)['properties']['compatible'])
    found = [(path, c) for path in glob.glob(TREE + '/drivers/*/*.c')
             for c in re.findall(r'\.compatible = "([^"]+)"', read(path))]
    assert len(found) > 10, found
    missing = [f'{os.path.relpath(path, TREE)}: {c}' for path, c in found if c not in described or f'``{c}``' not in pages]
    assert not missing, missing


def html():
    """Sphinx makes HTML of it, kernel-doc comments included, without a warning"""
    run('make', '-C', TREE, 'htmldocs', f'KERNEL_DOC={KERNEL_DOC}')
    for page in ('index', 'quickstart-zynqmp', 'abi', 'api/include-linux-amp_rproc-h'):
        assert os.path.getsize(f'{TREE}/build/htmldocs/html/{page}.html') > 2000, page


def html_can_fail():
    """a page with a broken reference does not pass"""
    page = DOCS + '/security.rst'
    text = read(page)
    try:
        with open(page, 'w') as f:
            f.write(text + '\n:doc:`nowhere`\n')
        done = subprocess.run(['make', '-C', TREE, 'htmldocs', f'KERNEL_DOC={KERNEL_DOC}'], capture_output=True, text=True)
        assert done.returncode != 0 and 'nowhere' in done.stderr, done.stderr
    finally:
        with open(page, 'w') as f:
            f.write(text)


def main():
    cases = (run_or_listed, messages, licenses, line_counts, transcripts, versions, bindings, boards, boards_can_fail,
             bindings_can_fail, compatibles, html, html_can_fail)
    return suite.run(cases)


if __name__ == '__main__':
    sys.exit(main())
