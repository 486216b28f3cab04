#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 linux-amp developers
"""The Yocto layer without bitbake: conventions that bitbake would complain about, and the recipe's own steps, run as
module.bbclass would run them, against a kernel whose source and build directories are apart. Prints KTAP.

usage: yocto_test.py KERNEL-SOURCE KERNEL-BUILD ARCH CROSS WORK
"""

import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys

import suite

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..'))
LAYER = os.path.join(TOP, 'yocto', 'meta-linux-amp')
RECIPES = glob.glob(os.path.join(LAYER, 'recipes-kernel', 'linux-amp', '*.bb'))
FRAGMENTS = os.path.join(LAYER, 'recipes-kernel', 'linux', 'files')
DIRS = {'nonarch_base_libdir': '/lib', 'nonarch_libdir': '/usr/lib', 'includedir': '/usr/include'}


def read(path):
    with open(path) as f:
        return f.read()


def files():
    for directory, _, names in os.walk(LAYER):
        for name in names:
            yield os.path.join(directory, name)


def variables(text):
    """Assignments with what they were assigned by; lines that go on are joined."""
    text = re.sub(r'\\\n', ' ', re.sub(r'^#.*\n', '', text, flags=re.MULTILINE))
    return {m.group(1): (m.group(2), m.group(3).split() if m.group(2) == '=' else m.group(3))
            for m in re.finditer(r'^([A-Za-z][\w:${}-]*)\s*([?:.+]*=[.+]?)\s*"(.*)"$', text, re.MULTILINE)}


def function(text, name):
    return re.search(r'^' + re.escape(name) + r'\(\) \{\n(.*?)^\}', text, re.MULTILINE | re.DOTALL).group(1)


class Datastore:
    """As much of bitbake's as the recipe's Python asks for"""

    def __init__(self, variables):
        self.variables = variables

    def getVar(self, name):
        return self.variables.get(name)

    def setVar(self, name, value):
        self.variables[name] = value


class Bitbake:
    """Likewise; of names that need others, none says of which version"""

    class utils:
        @staticmethod
        def explode_dep_versions2(text):
            return {name: [] for name in text.split()}

        @staticmethod
        def join_deps(names, commasep):
            assert not commasep
            return ' '.join(names)


class Tests:
    def __init__(self, source, build, arch, cross, work):
        self.source, self.build, self.arch, self.cross, self.work = source, build, arch, cross, work
        self.recipe = read(RECIPES[0])
        self.vars = variables(self.recipe)
        self.tree = os.path.join(work, 'linux-amp')
        self.dest = os.path.join(work, 'image')
        self.release = re.search(r'"(.*)"', read(os.path.join(build, 'include/generated/utsrelease.h'))).group(1)

    def test_layer(self):
        """layer.conf has what bitbake asks of a layer"""
        conf = read(os.path.join(LAYER, 'conf', 'layer.conf'))
        for wanted in ('BBPATH .= ', 'BBFILES += ', 'BBFILE_COLLECTIONS += "linux-amp"', 'BBFILE_PATTERN_linux-amp',
                       'BBFILE_PRIORITY_linux-amp', 'LAYERDEPENDS_linux-amp', 'LAYERSERIES_COMPAT_linux-amp'):
            assert wanted in conf, wanted
        assert os.path.exists(os.path.join(LAYER, 'README.md'))

    def test_found(self):
        """BBFILES finds every recipe and append"""
        patterns = re.search(r'BBFILES \+= "(.*)"', read(os.path.join(LAYER, 'conf', 'layer.conf'))).group(1)
        found = {f for p in patterns.split() for f in glob.glob(p.replace('${LAYERDIR}', LAYER))}
        assert found == {f for f in files() if f.endswith(('.bb', '.bbappend'))}, found

    def test_version(self):
        """the recipe's version is the package's"""
        version = re.search(r'AMP_VERSION\t"(.*)"', read(os.path.join(TOP, 'include/linux/amp_version.h'))).group(1)
        assert [os.path.basename(r) for r in RECIPES] == [f'linux-amp_{version}.bb'], RECIPES

    def test_license(self):
        """license and its checksum"""
        assert self.vars['LICENSE'] == ('=', ['GPL-2.0-only'])
        with open(os.path.join(TOP, 'COPYING'), 'rb') as f:
            digest = hashlib.md5(f.read()).hexdigest()
        assert self.vars['LIC_FILES_CHKSUM'][1] == [f'file://COPYING;md5={digest}'], digest

    def test_syntax(self):
        """overrides with colons, quotes closed, a blank around ="""
        for path in files():
            if not path.endswith(('.bb', '.bbappend', '.conf')):
                continue
            text = re.sub(r'\\\n', ' ', read(path))
            assert not re.search(r'_(append|prepend|remove)\b|\b(FILES|RDEPENDS|SUMMARY)_', text), path
            for line in text.split('\n'):
                assert not re.match(r'^[A-Z][\w:${}-]*[?:.+]*="', line), f'{path}: {line}'
                assert line.startswith(('#', '\t')) or line.count('"') % 2 == 0, f'{path}: {line}'

    def test_sources(self):
        """everything in SRC_URI is there, and everything that is built from is in it"""
        parts = [re.fullmatch(r'file://([\w.-]+);subdir=linux-amp', u).group(1) for u in self.vars['SRC_URI'][1]]
        for part in parts:
            assert os.path.exists(os.path.join(TOP, part)), part
        # A default of ours would take the place of bitbake.conf's: of two ??= the later one counts.
        assert 'UNPACKDIR' not in self.vars, self.vars['UNPACKDIR']
        unpacked = re.fullmatch(r'S = "\$\{@(.*)\}/linux-amp"', self.line('S = ')).group(1)
        for release in ({'WORKDIR': '/w'}, {'WORKDIR': '/w', 'UNPACKDIR': '/w/sources'}):
            assert eval(unpacked, {'d': Datastore(release)}) == list(release.values())[-1], unpacked
        shutil.rmtree(self.work, ignore_errors=True)
        os.makedirs(self.tree)
        for part in parts:
            source = os.path.join(TOP, part)
            if os.path.isdir(source):
                shutil.copytree(source, os.path.join(self.tree, part))
            else:
                shutil.copy(source, self.tree)

    def test_fragments(self):
        """kernel fragments have the options that Kbuild asks for"""
        append = read(os.path.join(LAYER, 'recipes-kernel', 'linux', 'linux-yocto_%.bbappend'))
        names = set(re.findall(r'linux-amp-\w+\.cfg', append))
        assert names == {os.path.basename(f) for f in glob.glob(FRAGMENTS + '/linux-amp-*.cfg')}, names
        options = {}
        for name in names | {'linux-amp.cfg'}:
            lines = [s for s in read(os.path.join(FRAGMENTS, name)).split('\n') if s and not s.startswith('#')]
            assert all(re.fullmatch(r'CONFIG_[A-Z0-9_]+=[ym]', s) for s in lines), lines
            options[name] = {s[7:].split('=')[0] for s in lines}
        # drivers/rpmsg needs RPMSG, which has no prompt: a fragment gets it only by what selects it.
        assert 'RPMSG_VIRTIO' in options['linux-amp.cfg'], options['linux-amp.cfg']
        assert not any('RPMSG' in o for o in options.values()), 'RPMSG cannot be set'
        # Those that a chosen architecture selects by itself.
        implied = {'ARM', 'HAVE_ARM_SMCCC'}
        for kbuild in glob.glob(os.path.join(TOP, 'drivers', '*', 'Kbuild')):
            for wanted in re.findall(r'\$\(call amp-if,([A-Z0-9_ ]+)\)', read(kbuild)):
                wanted = set(wanted.split()) - implied
                assert any(wanted <= options[n] | options['linux-amp.cfg'] for n in names), wanted

    def line(self, start):
        return next(s for s in self.recipe.split('\n') if s.startswith(start))

    @staticmethod
    def modinfo(field, path):
        return subprocess.run(['/sbin/modinfo', '-F', field, path], check=True, capture_output=True, text=True).stdout

    def run_make(self, *args):
        # As module.bbclass: the kernel's source and what it was built into are two directories.
        subprocess.run(['make', '-j2', f'KERNEL_SRC={self.source}', f'KERNEL_PATH={self.source}',
                        f'KERNEL_VERSION={self.release}', f'O={self.build}', f'ARCH={self.arch}',
                        f'CROSS_COMPILE={self.cross}', *args], cwd=self.tree, check=True)

    def shell(self, name):
        """A function of the recipe, with the variables that bitbake would have put in."""
        body = function(self.recipe, name)
        for key, value in dict(DIRS, S=self.tree, D=self.dest).items():
            body = body.replace('${' + key + '}', value)
        assert '${' not in body, body
        subprocess.run(['sh', '-ec', 'oe_runmake() { make "$@"; }\n' + body], cwd=self.tree, check=True)

    def test_compile(self):
        """the steps to configure and compile"""
        self.shell('do_configure:append')
        self.run_make()
        assert os.path.getsize(os.path.join(self.tree, 'Module.symvers')), 'module.bbclass installs it'

    def test_install(self):
        """the steps to install"""
        self.run_make('DEPMOD=echo', f'MODLIB={self.dest}{DIRS["nonarch_base_libdir"]}/modules/{self.release}',
                      'modules_install')
        self.shell('do_install:append')

    def test_modules(self):
        """modules for this kernel, below updates/"""
        listed = subprocess.run(['make', '-s', '-f', os.path.join(TOP, 'tools', 'modules.mk'), f'KDIR={self.build}'],
                                check=True, capture_output=True, text=True).stdout.split()
        updates = os.path.join(self.dest, 'lib/modules', self.release, 'updates')
        found = [os.path.relpath(os.path.join(d, n), updates) for d, _, ns in os.walk(updates) for n in ns]
        assert sorted(found) == sorted(m + '.ko' for m in listed) and listed, found
        self.needs = {}
        for name in found:
            info = self.modinfo('vermagic', os.path.join(updates, name))
            assert info.startswith(self.release + ' '), info
            self.needs[name[:-len('.ko')]] = self.modinfo('depends', os.path.join(updates, name)).strip().split(',')

    def package(self, module, prefix):
        return f'{prefix}kernel-module-{module.replace("_", "-")}-{self.release}'

    def test_packages(self):
        """a package for each module, none with the name of one of the kernel's, that needs ours of ours and else the kernel's"""
        # What kernel-module-split.bbclass makes, here and in the kernel's recipe: PREFIX kernel-module-NAME SUFFIX.
        prefix = self.vars.get('KERNEL_MODULE_PACKAGE_PREFIX', ('=', ['']))[1][0]
        assert prefix and 'KERNEL_SPLIT_MODULES' not in self.vars, 'packages are called kernel-module-*'
        ours = {self.package(m, prefix): m for m in self.needs}
        d = Datastore({'KERNEL_MODULE_PACKAGE_PREFIX': prefix, 'PACKAGES': ' '.join([*ours, 'linux-amp'])})
        for package, module in ours.items():
            names = [self.package(n, prefix) for n in self.needs[module] if n]
            d.setVar('RDEPENDS:' + package, ' '.join([f'kernel-{self.release}', *names]))
        name = self.vars['PACKAGESPLITFUNCS'][1]
        body = re.search(r'^python ' + name + r'\(\) \{\n(.*?)^\}', self.recipe, re.MULTILINE | re.DOTALL).group(1)
        exec('if True:\n' + body, {'d': d, 'bb': Bitbake})
        of_the_kernel = set()
        for package, module in ours.items():
            wanted = {f'kernel-{self.release}'}
            for needed in filter(None, self.needs[module]):
                mine = self.package(needed, prefix) in ours
                wanted.add(self.package(needed, prefix if mine else ''))
                of_the_kernel.update([] if mine else [needed])
            assert set(d.getVar('RDEPENDS:' + package).split()) == wanted, (package, d.getVar('RDEPENDS:' + package))
        assert of_the_kernel and 'amp_rproc' in sum(self.needs.values(), []), 'both kinds are among them'

    def test_shipped(self):
        """every file and every empty directory that is installed is in a package"""
        globs = [w for k, (_, v) in self.vars.items() if k.startswith('FILES:') for w in (v if isinstance(v, list) else v.split())]
        for key, value in DIRS.items():
            globs = [g.replace('${' + key + '}', value) for g in globs]
        for directory, below, names in os.walk(self.dest):
            # bitbake also asks where a directory went that has nothing in it.
            for name in names or ([] if below else ['']):
                path = os.path.join(directory, name)[len(self.dest):]
                assert path.startswith('/lib/modules/') or any(path.startswith(g + '/') for g in globs), path
        for wanted in ('/lib/udev/rules.d/40-linux-amp.rules', '/lib/udev/rules.d/60-linux-amp.rules',
                       '/lib/modprobe.d/linux-amp.conf', '/usr/include/amp/rpmsg.h'):
            assert os.path.exists(self.dest + wanted), wanted

    def test_autoload(self):
        """autoload and group are those that make installs"""
        loaded = [s for s in read(os.path.join(TOP, 'modules-load.d/linux-amp.conf')).split('\n')
                  if s and not s.startswith('#')]
        assert self.vars['KERNEL_MODULE_AUTOLOAD'][1].split() == loaded, loaded
        group = re.search(r'^g (\w+) -$', read(os.path.join(TOP, 'udev/linux-amp.sysusers')), re.MULTILINE).group(1)
        assert self.vars['GROUPADD_PARAM:${PN}-udev'][1][-1] == group

    def all(self):
        cases = [getattr(self, n) for n in vars(Tests) if n.startswith('test_')]
        return suite.run(cases)


if __name__ == '__main__':
    sys.stdout.reconfigure(line_buffering=True)
    out = os.dup(1)
    # What make says is no KTAP.
    os.dup2(2, 1)
    sys.stdout = os.fdopen(out, 'w', buffering=1)
    sys.exit(Tests(*sys.argv[1:]).all())
