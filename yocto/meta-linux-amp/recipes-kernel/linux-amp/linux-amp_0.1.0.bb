# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 linux-amp developers

SUMMARY = "OpenAMP modules for remote processors"
DESCRIPTION = "Modules that load, start, stop and talk to the remote cores of ZynqMP, Zynq-7000 and \
i.MX 7, through the interfaces of the kernel's own remoteproc and RPMsg drivers."
SECTION = "kernel/modules"
LICENSE = "GPL-2.0-only"
LIC_FILES_CHKSUM = "file://COPYING;md5=541bb05a47c0c8a9283bfef0148541a3"

COMPATIBLE_HOST = "(aarch64|arm).*-linux"

inherit module useradd

# A package for each module, all of them needed by ${PN}. The kernel has to have modules of these names (linux-amp.cfg), and
# no two recipes can make packages of one name.
KERNEL_MODULE_PACKAGE_PREFIX = "linux-amp-"

# kernel-module-split.bbclass looks for what a module needs in packages with the same prefix, but some are the kernel's.
python packages_of_the_kernel() {
    prefix = d.getVar('KERNEL_MODULE_PACKAGE_PREFIX')
    packages = d.getVar('PACKAGES').split()
    for package in packages:
        needed = bb.utils.explode_dep_versions2(d.getVar('RDEPENDS:' + package) or '')
        for name in [n for n in needed if n.startswith(prefix + 'kernel-module-') and n not in packages]:
            needed[name[len(prefix):]] = needed.pop(name)
        d.setVar('RDEPENDS:' + package, bb.utils.join_deps(needed, commasep=False))
}
PACKAGESPLITFUNCS += "packages_of_the_kernel"

# The parts of the checkout that modules are built from; LINUX_AMP_SOURCE is set in layer.conf.
FILESEXTRAPATHS:prepend := "${LINUX_AMP_SOURCE}:"
SRC_URI = " \
    file://Kbuild;subdir=linux-amp \
    file://Makefile;subdir=linux-amp \
    file://COPYING;subdir=linux-amp \
    file://compat;subdir=linux-amp \
    file://drivers;subdir=linux-amp \
    file://include;subdir=linux-amp \
    file://modprobe.d;subdir=linux-amp \
    file://modules-load.d;subdir=linux-amp \
    file://udev;subdir=linux-amp \
"
# Releases before styhead may have no UNPACKDIR and unpack into WORKDIR; later ones refuse it as the value of UNPACKDIR.
S = "${@d.getVar('UNPACKDIR') or d.getVar('WORKDIR')}/linux-amp"

# A checkout that was built in has objects for another kernel.
do_configure:append() {
	make -C ${S} clean
}

# module.bbclass says make with KERNEL_SRC, which our Makefile knows; below updates/, as always.
do_install:append() {
	oe_runmake -C ${S} DESTDIR=${D} UDEV_RULES_DIR=${nonarch_base_libdir}/udev/rules.d \
		MODPROBE_DIR=${nonarch_base_libdir}/modprobe.d user_install
	# What these two are for is done here by useradd.bbclass and KERNEL_MODULE_AUTOLOAD.
	rm -r ${D}${nonarch_libdir}/sysusers.d ${D}${nonarch_libdir}/modules-load.d
	rmdir --ignore-fail-on-non-empty ${D}${nonarch_libdir}
}

USERADD_PACKAGES = "${PN}-udev"
GROUPADD_PARAM:${PN}-udev = "--system rpmsg"

# Loaded for devices, but for the one that no device asks for: see modules-load.d/linux-amp.conf.
KERNEL_MODULE_AUTOLOAD += "rpmsg_char"

PACKAGES =+ "${PN}-udev"
SUMMARY:${PN}-udev = "Names and permissions of remote processors' devices, snippet for modprobe"
FILES:${PN}-udev = " \
    ${nonarch_base_libdir}/udev/rules.d \
    ${nonarch_base_libdir}/modprobe.d \
"
FILES:${PN}-dev += "${includedir}/amp"
RRECOMMENDS:${PN} += "${PN}-udev"
