# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 linux-amp developers
#
# Print which modules Kbuild makes for a kernel, with their directories, without building anything: the
# kernel's configuration and our own Kbuild files are all that it reads.
#
# usage: make -s -f tools/modules.mk KDIR=<kernel build directory>

TOP := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))..)

include $(KDIR)/include/config/auto.conf

# Kbuild files find their neighbours by these two.
src := $(TOP)
obj := $(TOP)
include $(TOP)/Kbuild
directories := $(patsubst %/,%,$(obj-m))
modules :=

define read-directory
src := $$(TOP)/$(1)
obj-m :=
include $$(TOP)/$(1)/Kbuild
modules += $$(patsubst %.o,$(1)/%,$$(obj-m))
endef
$(foreach d,$(directories),$(eval $(call read-directory,$(d))))

.DEFAULT_GOAL := list
.PHONY: list
list:
	@$(foreach m,$(modules),echo $(m);):
