# SPDX-License-Identifier: GPL-2.0-only
# Rules for the programs that run on the board, shared by remoteproc/ and rpmsg/.
#
# A directory's Makefile names its programs as for the kernel's tools/testing/selftests/lib.mk
# (TEST_GEN_PROGS, TEST_PROGS, TEST_FILES, TEST_GEN_FILES) and includes this file.
#
#   make CROSS_COMPILE=aarch64-linux-gnu- KSELFTEST_DIR=<dir> [O=<dir>] [all|install|clean]
#
# KSELFTEST_DIR  where kselftest_harness.h is: tools/testing/selftests of a kernel source
# O              build directory; objects go to its subdirectory of this directory's name
# DESTDIR        root of the target file system, for install
# TESTDIR        where the tests live on the target
#
# Copyright (c) 2026 linux-amp developers

# What is in these says how programs are built: all objects depend on it.
RULES := $(MAKEFILE_LIST)
SUITE := $(notdir $(CURDIR))
INCLUDE_DIR := $(abspath $(CURDIR)/../include)
OUTPUT ?= $(if $(O),$(abspath $(O))/$(SUITE),$(CURDIR))
TESTDIR ?= /usr/lib/linux-amp/selftests
INSTALL ?= install

ifeq ($(origin CC),default)
CC := $(CROSS_COMPILE)gcc
endif

# Static: the target is an initramfs without libraries.
CFLAGS ?= -O2 -g
ALL_CFLAGS := -std=gnu11 -Wall -Wextra -Wno-sign-compare -Wno-unused-parameter -Werror=int-conversion \
	      -Werror=incompatible-pointer-types -Werror=implicit-function-declaration \
	      -I$(INCLUDE_DIR) -I$(OUTPUT) -I$(abspath $(CURDIR)/../../include/uapi) $(if $(KSELFTEST_DIR),-isystem $(KSELFTEST_DIR)) $(CFLAGS)
ALL_LDFLAGS := -static $(LDFLAGS)

SHARED := guest remote channel kmsg link stuck failslab backlog trace
SHARED_OBJS := $(SHARED:%=$(OUTPUT)/%.o)
BINARIES := $(addprefix $(OUTPUT)/,$(TEST_GEN_PROGS) $(TEST_GEN_FILES))

.PHONY: all install clean
.DELETE_ON_ERROR:
.SECONDARY:

all: $(BINARIES)

ifeq ($(KSELFTEST_DIR),)
ifneq ($(filter-out clean,$(or $(MAKECMDGOALS),all)),)
$(error KSELFTEST_DIR is not set; it names the directory with kselftest_harness.h)
endif
endif

$(OUTPUT):
	mkdir -p $@

# The list that scripts have, for programs
$(OUTPUT)/complaints.h: ../complaints $(RULES) | $(OUTPUT)
	printf '#define COMPLAINTS "%s"\n' "$$(paste -sd '|' $<)" >$@

$(OUTPUT)/kmsg.o: $(OUTPUT)/complaints.h

$(OUTPUT)/%.o: $(INCLUDE_DIR)/%.c $(RULES) | $(OUTPUT)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(OUTPUT)/%.o: %.c $(RULES) | $(OUTPUT)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# A program of several files adds them with a rule of its own: $(OUTPUT)/prog: $(OUTPUT)/part.o
$(BINARIES): $(OUTPUT)/%: $(OUTPUT)/%.o $(SHARED_OBJS)
	$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^)

install: all
	$(INSTALL) -d $(DESTDIR)$(TESTDIR)/$(SUITE)
	$(INSTALL) -m 755 $(BINARIES) $(TEST_PROGS) $(DESTDIR)$(TESTDIR)/$(SUITE)
	$(if $(TEST_FILES),$(INSTALL) -m 644 $(TEST_FILES) $(DESTDIR)$(TESTDIR)/$(SUITE))

clean:
	$(RM) $(BINARIES) $(OUTPUT)/*.o $(OUTPUT)/*.d $(OUTPUT)/complaints.h

-include $(wildcard $(OUTPUT)/*.d)
