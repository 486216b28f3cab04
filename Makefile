# SPDX-License-Identifier: GPL-2.0-only
#
# For people: every verb, and what `make help` says of it. The modules themselves are described by
# Kbuild, which the kernel's build system reads; compat/ holds all that depends on the kernel's version.

# The kernel to build for, as for any external module. KERNEL_SRC is Yocto's name for it.
KERNEL_SRC	?= /lib/modules/$(shell uname -r)/build
KDIR		?= $(KERNEL_SRC)
INSTALL_MOD_DIR	?= updates
HARNESS		:= selftests/harness
CELLS		?=

# W, C, V, CF and the like reach the kernel's build because they are on make's command line.
KBUILD		= $(MAKE) -C $(KDIR) M=$(CURDIR)

PACKAGE		= linux-amp-$(shell sed -n 's/^.define AMP_VERSION\t"\(.*\)"/\1/p' include/linux/amp_version.h)
DKMS_TREE	= $(DESTDIR)/usr/src/$(PACKAGE)
# One word for the shell, whatever is in it: a card is mounted below /media under the name that it was given.
quote		= '$(subst ','\'',$(1))'
# Where a distribution without a merged /usr wants them elsewhere, say so.
MODPROBE_DIR	?= /usr/lib/modprobe.d
UDEV_RULES_DIR	?= /usr/lib/udev/rules.d

# Passed on to the test harness.
export CELLS SCALE BOOTS GDB JOBS PAIRS PROFILE

.DEFAULT_GOAL	:= modules
.PHONY: modules modules_install modules_uninstall user_install user_uninstall dkms_install dkms_uninstall deb
.PHONY: htmldocs test-packages clean help demo shell test test-all bench build-matrix cells check status dtb setup distclean
.PHONY: clean_modules

modules:
	+$(KBUILD) modules

# Headers packages ask for signed modules but come without a key: then nothing tries to sign.
SIG_KEY		= $(shell sed -n 's/^CONFIG_MODULE_SIG_KEY="*\([^"]*\)"*$$/\1/p' $(KDIR)/include/config/auto.conf)
UNSIGNED	= $(if $(filter pkcs11:%,$(SIG_KEY))$(wildcard $(SIG_KEY) $(KDIR)/$(SIG_KEY)),,CONFIG_MODULE_SIG_ALL=)

# The release has to be that of the kernel that the modules are installed for.
UTSRELEASE	= $(firstword $(wildcard $(addsuffix /include/generated/utsrelease.h,$(O) $(KDIR))))
KVER		= $(or $(if $(UTSRELEASE),$(shell sed -n 's/.*UTS_RELEASE "\(.*\)".*/\1/p' $(UTSRELEASE))),$(shell uname -r))
# As the kernel's Makefile has it: module.bbclass says DEPMOD=echo.
DEPMOD		?= depmod

# updates/ is searched before the kernel's own modules: ours win while they are installed, once depmod has seen them.
# The kernel's build runs it only where there is a System.map, which headers packages come without. An initramfs is the
# running system's: one that is mounted somewhere has programs for another machine. Yocto says where by MODLIB.
modules_install:
	+$(KBUILD) INSTALL_MOD_DIR=$(INSTALL_MOD_DIR) $(UNSIGNED) modules_install
	PATH=$$PATH:/usr/sbin:/sbin $(DEPMOD) $(if $(INSTALL_MOD_PATH),-b '$(INSTALL_MOD_PATH)') '$(KVER)'
	$(if $(INSTALL_MOD_PATH)$(MODLIB),,PATH=$$PATH:/usr/sbin:/sbin tools/dkms initramfs '$(KVER)')

modules_uninstall:
	tools/uninstall '$(INSTALL_MOD_PATH)' '$(KVER)' '$(INSTALL_MOD_DIR)'

# In the running system nobody else makes the group, or tells udev of new rules. In a chroot there is no udevd.
USER_APPLY	= if command -v systemd-sysusers > /dev/null; then systemd-sysusers /usr/lib/sysusers.d/linux-amp.conf; fi; \
		  if [ -S /run/udev/control ] && command -v udevadm > /dev/null; then udevadm control --reload; fi

# What user space needs besides the modules. DESTDIR is the root of the target file system.
user_install:
	install -D -m 644 udev/40-linux-amp.rules $(call quote,$(DESTDIR)$(UDEV_RULES_DIR)/40-linux-amp.rules)
	install -D -m 644 udev/60-linux-amp.rules $(call quote,$(DESTDIR)$(UDEV_RULES_DIR)/60-linux-amp.rules)
	install -D -m 644 udev/linux-amp.sysusers $(call quote,$(DESTDIR)/usr/lib/sysusers.d/linux-amp.conf)
	install -D -m 644 modprobe.d/linux-amp.conf $(call quote,$(DESTDIR)$(MODPROBE_DIR)/linux-amp.conf)
	install -D -m 644 modules-load.d/linux-amp.conf $(call quote,$(DESTDIR)/usr/lib/modules-load.d/linux-amp.conf)
	install -D -m 644 include/uapi/amp/rpmsg.h $(call quote,$(DESTDIR)/usr/include/amp/rpmsg.h)
	$(if $(DESTDIR),,$(USER_APPLY))

# The group stays: files of users may belong to it.
user_uninstall:
	rm -f $(call quote,$(DESTDIR)$(UDEV_RULES_DIR)/40-linux-amp.rules) \
		$(call quote,$(DESTDIR)$(UDEV_RULES_DIR)/60-linux-amp.rules) \
		$(call quote,$(DESTDIR)/usr/lib/sysusers.d/linux-amp.conf) \
		$(call quote,$(DESTDIR)$(MODPROBE_DIR)/linux-amp.conf) \
		$(call quote,$(DESTDIR)/usr/lib/modules-load.d/linux-amp.conf) \
		$(call quote,$(DESTDIR)/usr/include/amp/rpmsg.h)
	rmdir --ignore-fail-on-non-empty $(call quote,$(DESTDIR)/usr/include/amp) 2>/dev/null || true

# The sources where DKMS looks for them, and no more of this tree than it builds from. With + find fails if a command
# of its fails, with ; it does not.
DKMS_FILES	= Kbuild COPYING dkms.conf compat/Kbuild.include compat/*.sh tools/dkms tools/modules.mk
DKMS_DIRS	= LICENSES compat/include compat/probes compat/rpmsg-abi include drivers
dkms_install: user_install
	rm -rf $(call quote,$(DKMS_TREE))
	find $(DKMS_FILES) $(DKMS_DIRS) -type f ! -name '*.o' ! -name '*.ko' ! -name '*.mod' ! -name '*.mod.c' \
		! -name '.*' ! -name modules.order \
		-exec sh -ec 'for file; do install -D -m 644 "$$file" "$$0/$$file"; done' $(call quote,$(DKMS_TREE)) '{}' +
	chmod 755 $(call quote,$(DKMS_TREE)/tools/dkms)

# What DKMS itself made of them goes first: dkms remove, with --all
dkms_uninstall: user_uninstall
	rm -rf $(call quote,$(DKMS_TREE))

# linux-amp-dkms_*_all.deb in the directory above, as with any Debian source.
deb:
	dpkg-buildpackage --build=binary --no-sign

# What the kernel's build leaves. Must work where no kernel headers are installed.
clean_modules:
	find drivers compat \( -name '*.o' -o -name '*.ko' -o -name '*.mod' -o -name '*.mod.c' \
		-o -name '.*.cmd' -o -name '.*.d' -o -name modules.order -o -name Module.symvers \) -delete
	rm -rf compat/generated modules.order Module.symvers .Module.symvers.cmd .modules.order.cmd

clean: clean_modules
	rm -rf build

# The cache is shared by all checkouts: it goes only when asked for.
distclean: clean
	rm -rf "$${LINUX_AMP_CACHE:-$${XDG_CACHE_HOME:-$$HOME/.cache}/linux-amp}"

setup:
	$(HARNESS)/setup.sh

demo:
	$(HARNESS)/demo.sh

shell:
	$(HARNESS)/shell.sh

test:
	$(HARNESS)/test.sh core

test-all:
	$(HARNESS)/test.sh all

test-packages:
	selftests/packaging/test.sh

htmldocs:
	$(MAKE) -C Documentation html

bench:
	selftests/bench/bench.sh $(CELLS)

build-matrix:
	$(HARNESS)/build_matrix.sh

cells:
	@python3 $(HARNESS)/cells.py list $(CELLS)

check:
	$(HARNESS)/check.sh

status:
	KDIR=$(KDIR) $(HARNESS)/status.sh

# A devicetree with an overlay of ours (or yours) merged in: make dtb DTB=my-board.dtb OVERLAY=zynqmp-rpu-split
dtb:
	$(if $(and $(DTB),$(OVERLAY)),,$(error say which: make dtb DTB=my-board.dtb OVERLAY=zynqmp-rpu-split))
	tools/dtb-merge $(DTB) build/$(notdir $(DTB)) $(OVERLAY)

help:
	@echo 'Building the drivers'
	@echo '  modules          build all modules (the default)'
	@echo '  modules_install  install them below updates/, where they win over the stock ones'
	@echo '  user_install     udev rules and group, snippets for modprobe, the header for programs; DESTDIR='
	@echo '  dkms_install     the sources where DKMS looks for them, and user_install; DESTDIR='
	@echo '  modules_uninstall, user_uninstall, dkms_uninstall   the reverse'
	@echo '  deb              the Debian package linux-amp-dkms'
	@echo '  htmldocs         these documents as HTML, in build/htmldocs'
	@echo '  clean            remove everything that was built in this tree'
	@echo '  status           per module: built into the kernel, stock, or ours; what is loaded instead; sizes'
	@echo '  dtb              merge a devicetree overlay: DTB=my-board.dtb OVERLAY=zynqmp-rpu-split'
	@echo ''
	@echo 'Trying and testing (Debian 12 or 13; what is missing is installed with apt)'
	@echo '  demo             boot a ZynqMP in QEMU, start an R5, talk to it, power off'
	@echo '  shell            the same board, interactive; GDB=1 opens gdb port 1234'
	@echo '  test             host tests and the core cells, at a twentieth of the full counts'
	@echo '  test-all         every cell; CELLS="..." chooses, SCALE=100 has full counts'
	@echo '  test-packages    DKMS, Debian package, Yocto recipe, documents, in root file systems of their own'
	@echo '  bench            what a message costs with in-tree drivers and with ours'
	@echo '  build-matrix     compile for every kernel of Debian 12 to 14, arm64 and armhf'
	@echo '  cells            what the cells are, what each needs and whether that is cached'
	@echo '  check            checkpatch, kernel-doc, coccinelle, sparse, clang'
	@echo '  setup            only fetch and build what the tests need'
	@echo '  distclean        clean, and empty the cache (~/.cache/linux-amp)'
	@echo ''
	@echo 'Variables'
	@echo '  KDIR=            kernel headers or build tree ($(KDIR))'
	@echo '  ARCH= CROSS_COMPILE=   as for the kernel, for example ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-'
	@echo '  INSTALL_MOD_PATH=      root of the target file system for modules_install'
	@echo '  W=1 C=1 V=1      as for the kernel'
	@echo '  LINUX_AMP_CACHE= where downloads and builds are kept'
