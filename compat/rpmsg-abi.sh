#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 linux-amp developers
#
# Choose the layout of the private rpmsg ABI and prove the choice. rpmsg_core calls transports
# through structures that no public header shows; a wrong layout would build, load and crash.
# Evidence, strongest first:
#   crc       MODVERSIONS hashes the structures into the symbol CRCs of rpmsg_core. The same
#             symbols exported from a scratch object with a candidate layout must hash the same.
#   btf       the kernel's type information, against that of the scratch object
#   tree      neither, but the build directory is a source tree: its own header is used
#   unproved  none of these: what the public API suggests, with a warning
#
# usage: rpmsg-abi.sh prepare <scratch> <kdir>	writes objects to build, prints their names
#	 rpmsg-abi.sh pick <scratch> <kdir>	prints lines for features.h
# Part of features.sh, which builds the objects in between. RPMSG_ABI=<layout> leaves only one
# candidate; it still has to pass.

set -u

verb=$1
scratch=$2
kdir=$3
here=$(cd "$(dirname "$0")" && pwd) || exit 1
symbols="rpmsg_register_device rpmsg_class"

die() {
	echo "compat: $*" >&2
	exit 1
}

object() {
	echo "abi_$1" | tr . _
}

# Oldest first. "tree" stands for the header of the kernel's own tree.
candidates() {
	for f in "$here"/rpmsg-abi/*.h; do
		f=${f##*/}
		echo "${f%.h}"
	done | sort -t. -k1,1n -k2,2n
	[ -z "$tree" ] || echo tree
}

tree=
for dir in "$kdir" "$kdir/source"; do
	f=$dir/drivers/rpmsg/rpmsg_internal.h
	[ -n "$tree" ] || [ ! -f "$f" ] || tree=$f
done
names=$(candidates)

kernel_crc() {
	awk -v s="$1" '$2 == s { print $1; exit }' "$kdir/Module.symvers" 2>/dev/null
}

# Without MODVERSIONS the column is there, but all zero.
has_crcs() {
	case $(kernel_crc rpmsg_register_device) in
	'' | 0x00000000) return 1 ;;
	esac
}

# --- prepare: the scratch objects -----------------------------------------------------------------

# abi_source <header>: rpmsg_core's exports as it declares them. The include list is part of the
# hash: a structure that is only declared here but defined there hashes differently.
abi_source() {
	cat <<EOF
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/rpmsg.h>
#include <linux/of_device.h>
#include <linux/pm_domain.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include "$1"

#ifdef RPMSG_ABI_CLASS_IS_POINTER
struct class *rpmsg_class;
#elif !defined(TREE)
const struct class rpmsg_class = { .name = "rpmsg" };
#endif
EXPORT_SYMBOL(rpmsg_class);

int rpmsg_register_device(struct rpmsg_device *rpdev)
{
	return 0;
}
EXPORT_SYMBOL(rpmsg_register_device);

struct rpmsg_device_ops device_ops;
struct rpmsg_endpoint_ops endpoint_ops;
EOF
}

# tree_probe <name> <statement>: what rpmsg_internal.h has to know about the tree's header.
tree_probe() {
	{
		printf '#include <linux/module.h>\n#include <linux/slab.h>\n#include "%s"\n' "$tree"
		printf 'void probe(void);\nvoid probe(void)\n{\n\t%s\n}\n' "$2"
	} > "$scratch/$1.c"
	echo "$1"
}

prepare() {
	# pahole reads the layout of a candidate from its debug information.
	has_crcs || echo "ccflags-y += -g" >> "$scratch/flags"
	for name in $names; do
		case $name in
		tree)	f=$tree ;;
		*)	f=$here/rpmsg-abi/$name.h ;;
		esac
		abi_source "$f" > "$scratch/$(object "$name").c"
		object "$name"
	done
	[ -n "$tree" ] || return 0
	echo "CFLAGS_abi_tree.o += -DTREE" >> "$scratch/flags"
	tree_probe tree_class_pointer 'struct class *p = rpmsg_class; (void)p;'
	tree_probe tree_offchannel \
		'BUILD_BUG_ON(!offsetof(struct rpmsg_endpoint_ops, send_offchannel));'
	tree_probe tree_data_const \
		'BUILD_BUG_ON(!__same_type(((struct rpmsg_endpoint_ops *)0)->send, (int (*)(struct rpmsg_endpoint *, const void *, int))0));'
}

# --- pick: evidence -------------------------------------------------------------------------------

wanted() {
	[ -z "${RPMSG_ABI:-}" ] || [ "$RPMSG_ABI" = "$1" ]
}

object_crc() {
	sed -n "s/^#SYMVER $2 //p" "$scratch/.$(object "$1").o.cmd" 2>/dev/null
}

crcs() {
	for s in $symbols; do
		c=$("$@" "$s")
		printf ' %s' "${c:-none}"
	done
}

# Sets found to the one candidate with the kernel's CRCs. Status 1: the kernel has no CRCs.
by_crc() {
	has_crcs || return 1
	kernel=$(crcs kernel_crc)
	for name in $names; do
		if wanted "$name" && [ "$(crcs object_crc "$name")" = "$kernel" ]; then
			found=$name
			return 0
		fi
	done
	echo "compat: no known layout has the symbol CRCs of this kernel's rpmsg_core" >&2
	{
		echo "layout $symbols"
		echo "kernel$kernel"
		for name in $names; do
			! wanted "$name" || echo "$name$(crcs object_crc "$name")"
		done
	} | awk '{ printf "\t%-8s %-24s %s\n", $1, $2, $3 }' >&2
	die "$kdir cannot be used without a matching file in compat/rpmsg-abi"
}

# layout <file> <pahole option>...: members, offsets and types, spaces and comments made equal.
layout() {
	file=$1
	shift
	for s in rpmsg_device_ops rpmsg_endpoint_ops; do
		pahole "$@" -C $s "$file" 2>/dev/null | sed -n 's/[[:space:]]\{1,\}/ /g; /(\*/p'
	done
}

# The first of the kernel's files with BTF for the structures; prints their layout.
kernel_btf() {
	release=$(sed -n 's/.*UTS_RELEASE "\(.*\)".*/\1/p' "$kdir/include/generated/utsrelease.h")
	module=kernel/drivers/rpmsg/rpmsg_core.ko
	base=$kdir/vmlinux
	[ -f "$base" ] || return 1
	layout "$base" -F btf | grep . && return 0
	for file in "$kdir/${module#kernel/}" "${INSTALL_MOD_PATH:-}/lib/modules/$release/$module"; do
		[ -f "$file" ] || continue
		layout "$file" -F btf --btf_base "$base" | grep . && return 0
	done
	return 1
}

# Sets found to the candidate with the kernel's layout. BTF does not show the type of rpmsg_class:
# candidates that differ in nothing else cannot be told apart, and guessing would crash.
# Status 1: no BTF for the structures.
by_btf() {
	if ! command -v pahole > /dev/null; then
		grep -q '^CONFIG_DEBUG_INFO_BTF=y' "$kdir/include/config/auto.conf" &&
			[ -f "$kdir/vmlinux" ] &&
			die "pahole is needed to prove the rpmsg ABI of this kernel (package dwarves or pahole)"
		return 1
	fi
	kernel=$(kernel_btf) || return 1
	matches=
	for name in $names; do
		if [ "$name" = tree ] || ! wanted "$name"; then
			continue
		fi
		[ "$(layout "$scratch/$(object "$name").o" -F dwarf)" = "$kernel" ] || continue
		matches="$matches $name"
	done
	case $matches in
	' '*' '*)	die "the BTF of this kernel fits all of:$matches; say which one with RPMSG_ABI=" ;;
	' '*)		found=${matches# } ;;
	*)
		echo "compat: no known layout has the types of this kernel's rpmsg_core:" >&2
		echo "$kernel" >&2
		die "$kdir cannot be used without a matching file in compat/rpmsg-abi" ;;
	esac
}

by_tree() {
	[ -n "$tree" ] && wanted tree || return 1
	[ -e "$scratch/abi_tree.o" ] || die "$tree does not compile"
	found=tree
}

# What changed in public together with the private part. v6.6 and v6.12 differ only in private.
by_public_api() {
	if [ ! -e "$scratch/rpmsg_send_offchannel.o" ]; then
		found=7.0
	elif [ ! -e "$scratch/rpmsg_set_flow_control.o" ]; then
		found=6.1
	else
		case ${RPMSG_ABI:-} in
		6.6 | 6.12) found=$RPMSG_ABI ;;
		*) die "this kernel has no CRCs, no BTF and no sources to tell the rpmsg ABI from: say RPMSG_ABI=6.6 or 6.12 (before or since rpmsg_class became an object)" ;;
		esac
	fi
	wanted "$found" || die "RPMSG_ABI=$RPMSG_ABI contradicts the public API, which looks like $found"
	echo "compat: warning: nothing to prove the rpmsg ABI with (no MODVERSIONS, no BTF, no sources); assuming $found" >&2
}

tree_lines() {
	[ ! -e "$scratch/tree_class_pointer.o" ] || echo "#define RPMSG_ABI_CLASS_IS_POINTER 1"
	[ ! -e "$scratch/tree_offchannel.o" ] || echo "#define RPMSG_ABI_HAS_OFFCHANNEL 1"
	if [ -e "$scratch/tree_data_const.o" ]; then
		echo "#define RPMSG_DATA_CONST const"
	else
		echo "#define RPMSG_DATA_CONST"
	fi
}

pick() {
	if ! grep -q '^CONFIG_RPMSG=[ym]' "$kdir/include/config/auto.conf"; then
		echo '#define AMP_RPMSG_ABI_TEXT "none, the kernel has no rpmsg"'
		return
	fi
	if [ -n "${RPMSG_ABI:-}" ] && ! echo "$names" | grep -qx "$RPMSG_ABI"; then
		die "RPMSG_ABI=$RPMSG_ABI: no such layout; there are $(echo "$names" | tr '\n' ' ')"
	fi
	if by_crc; then
		proof="proved by crc"
	elif by_btf; then
		proof="proved by btf"
	elif by_tree; then
		proof="the kernel tree's own"
	else
		by_public_api
		proof=unproved
	fi
	echo "#define AMP_RPMSG_ABI_$(echo "$found" | tr '[:lower:].' '[:upper:]_') 1"
	echo "#define AMP_RPMSG_ABI_TEXT \"$found, $proof\""
	[ "$found" != tree ] || tree_lines
}

case $verb in
prepare | pick) $verb ;;
*) die "rpmsg-abi.sh: unknown verb '$verb'" ;;
esac
