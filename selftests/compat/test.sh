#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 linux-amp developers
#
# The compatibility mechanism when things are not as they should be: wrong layouts, broken
# compilers, features of another kernel, modules that the kernel has built in. KTAP on stdout.
#
# usage: KDIR=<headers> [ARCH=] [CROSS_COMPILE=] [CC=] selftests/compat/test.sh

set -u
export LC_ALL=C
unset MAKEFLAGS MFLAGS MAKELEVEL RPMSG_ABI

: "${KDIR:?the headers of a kernel}"
KDIR=$(cd "$KDIR" && pwd) || exit 1
top=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
tmp=$(mktemp -d "${TMPDIR:-/tmp}/compat-test.XXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT

make_args=()
[ -z "${ARCH:-}" ] || make_args+=("ARCH=$ARCH")
[ -z "${CROSS_COMPILE:-}" ] || make_args+=("CROSS_COMPILE=$CROSS_COMPILE")

# --- helpers --------------------------------------------------------------------------------------

# run <number> <name> <function> [argument...]: the function's output is shown only if it fails.
run() {
	local log=$tmp/$1.log name="$1 $2" status

	(set -e; "${@:3}") > "$log" 2>&1
	status=$?
	case $status in
	0) echo "ok $name" ;;
	4) echo "ok $name # SKIP $(tail -n 1 "$log")" ;;
	*)
		sed 's/^/# /' "$log"
		echo "not ok $name" ;;
	esac > "$tmp/$1.result"
}

# "! command" would not end a test.
fails() {
	if "$@"; then
		echo "should have failed: $*"
		return 1
	fi
}

# features <out> [argument...]: ask $kernel; output and messages in $out.log
features() {
	local out=$1 cc=()

	shift
	[ -z "${CC:-}" ] || cc=("CC=$CC")
	sh "$top/compat/features.sh" KDIR="${kernel:-$KDIR}" OUT="$out" "${make_args[@]}" "${cc[@]}" "$@" \
		> "$out.log" 2>&1
}

# refused <out> <message> [argument...]: must fail, say so, and leave no features.h behind.
refused() {
	local out=$1 message=$2

	shift 2
	fails features "$out" "$@"
	cat "$out.log"
	grep -q -- "$message" "$out.log"
	[ ! -e "$out/features.h" ]
}

# farm <from> <to>: a directory of symbolic links. One program for all of them: there are thousands.
farm() {
	mkdir -p "$2"
	find "$1/" -mindepth 1 -maxdepth 1 -exec ln -s -t "$2" {} +
}

# deepen <from> <to> <directory>: make one of the links a farm of its own
deepen() {
	rm "$2/$3"
	farm "$1/$3" "$2/$3"
}

# own <file>: replace a link by a copy that can be changed
own() {
	cp --remove-destination "$(readlink -f "$1")" "$1"
}

# A kernel like $KDIR in which files can be changed. Headers packages come in two parts.
fake_kernel() {
	local dir=$1 source

	farm "$KDIR" "$dir"
	deepen "$KDIR" "$dir" include
	deepen "$KDIR" "$dir" include/config
	own "$dir/Module.symvers"
	own "$dir/include/config/auto.conf"
	source=$(sed -n 's#^include \(.*\)/Makefile$#\1#p' "$KDIR/Makefile")
	[ -n "$source" ] || return 0
	farm "$source" "$dir/source"
	deepen "$source" "$dir/source" include
	own "$dir/Makefile"
	sed -i "s#$source#$dir/source#; s#$KDIR#$dir#" "$dir/Makefile"
}

# wrap_compiler <file> <shell code>: the compiler of this kernel, the code run before it
wrap_compiler() {
	# shellcheck disable=SC2016 # for the script
	printf '#!/bin/sh\ncc="%s"\n%s\nexec $cc "$@"\n' "${CC:-$own_cc}" "$2" > "$1"
	chmod +x "$1"
}

# compile_as_empty <pattern> <file> <shell code>: a compiler that accepts these sources whatever is in
# them; the code is run first
compile_as_empty() {
	# shellcheck disable=SC2016 # for the script
	wrap_compiler "$2" "${3:-}"'
n=$#
while [ $n -gt 0 ]; do
	a=$1
	shift
	n=$((n - 1))
	case $a in
	*'"$1"') set -- "$@" -x c /dev/null ;;
	*) set -- "$@" "$a" ;;
	esac
done'
}

preprocess() {
	# shellcheck disable=SC2086 # CC may have options
	${CC:-$own_cc} -E "$@"
}

copy_tree() {
	mkdir -p "$1"
	tar -C "$top" -cf - --exclude=generated --exclude='*.o' --exclude='*.ko' --exclude='.*.cmd' \
		Kbuild compat include drivers | tar -C "$1" -xf -
}

build() {
	local cc=()

	[ -z "${CC:-}" ] || cc=("CC=$CC")
	make -s -C "$1" M="$2" "${make_args[@]}" "${cc[@]}" "${@:3}"
}

layout_of() {
	sed -n 's/.*AMP_RPMSG_ABI_TEXT "\([^,]*\),.*/\1/p' "$1/features.h"
}

proof_of() {
	sed -n 's/.*AMP_RPMSG_ABI_TEXT "[^,]*, \(.*\)"/\1/p' "$1/features.h"
}

# That of $KDIR, whatever kernel the test is about
right_layout() {
	kernel=$KDIR features "$tmp/plain" && layout_of "$tmp/plain"
}

need_crcs() {
	grep -q '^0x[0-9a-f]*[1-9a-f][0-9a-f]*	rpmsg_register_device	' "$KDIR/Module.symvers" && return
	echo "this kernel has no symbol CRCs"
	exit 4
}

# --- tests ----------------------------------------------------------------------------------------

test_proved() {
	features "$tmp/plain" || { cat "$tmp/plain.log"; return 1; }
	cat "$tmp/plain/features.h"
	[[ $(proof_of "$tmp/plain") == "proved by "* ]]
}

test_unchanged() {
	features "$tmp/plain"
	features "$tmp/plain"
	cat "$tmp/plain.log"
	grep -qx 'features: ok, unchanged' "$tmp/plain.log"
}

# The objects that the layouts are compared with, once for all tests that only differ in the kernel.
scratch_objects() {
	[ ! -d "$tmp/scratch" ] || return 0
	mkdir "$tmp/scratch"
	: > "$tmp/scratch/Kbuild"
	cp "$top"/compat/probes/*.c "$tmp/scratch"
	: > "$tmp/scratch/flags"
	sh "$top/compat/rpmsg-abi.sh" prepare "$tmp/scratch" "$KDIR" > "$tmp/scratch/names"
	{
		cat "$tmp/scratch/flags"
		sed 's/.*/obj-m += &.o/' "$tmp/scratch/names"
		echo 'obj-m += never.o rpmsg_send_offchannel.o rpmsg_set_flow_control.o'
	} > "$tmp/scratch/Kbuild"
	# Not all of the probes compile; make says so.
	build "$KDIR" "$tmp/scratch" -k modules || true
}

# pick <kernel> [layout]: what rpmsg-abi.sh says of it, in $picked
pick() {
	scratch_objects > "$tmp/scratch.log" 2>&1
	RPMSG_ABI=${2:-} sh "$top/compat/rpmsg-abi.sh" pick "$tmp/scratch" "$1" > "$tmp/picked" 2>&1
}

picked() {
	cat "$tmp/picked"
	grep -q -- "$1" "$tmp/picked"
}

test_wrong_layout() {
	local right wrong f

	right=$(right_layout)
	pick "$KDIR"
	picked "AMP_RPMSG_ABI_TEXT \"$right, "
	for f in "$top"/compat/rpmsg-abi/*.h; do
		wrong=${f##*/}
		wrong=${wrong%.h}
		[ "$wrong" != "$right" ] || continue
		fails pick "$KDIR" "$wrong"
		picked 'cannot be used'
	done
}

test_unknown_layout() {
	local kernel=$tmp/unknown

	need_crcs
	fake_kernel "$kernel"
	sed -i 's/^0x[0-9a-f]*\(	rpmsg_register_device	\)/0x12345678\1/' "$kernel/Module.symvers"
	fails pick "$kernel"
	picked 'no known layout'
	picked '^	kernel *0x12345678'
}

test_unknown_class() {
	local kernel=$tmp/class

	need_crcs
	fake_kernel "$kernel"
	sed -i 's/^0x[0-9a-f]*\(	rpmsg_class	\)/0x12345678\1/' "$kernel/Module.symvers"
	fails pick "$kernel"
	picked 'no known layout'
}

# No CRCs, no types: the private layout can only be guessed from the public API.
blind_kernel() {
	fake_kernel "$1"
	rm -f "$1/vmlinux"
	sed -i 's/^0x[0-9a-f]*/0x00000000/' "$1/Module.symvers"
	sed -i '/^CONFIG_DEBUG_INFO_BTF/d' "$1/include/config/auto.conf"
}

test_unproved() {
	local kernel=$tmp/blind right choice=

	blind_kernel "$kernel"
	right=$(right_layout)
	# Two of the layouts look the same in public; there the user has to say which.
	case $right in
	6.6 | 6.12)
		fails pick "$kernel"
		picked 'RPMSG_ABI=6.6 or 6.12'
		choice=$right ;;
	esac
	pick "$kernel" "$choice"
	picked 'warning: nothing to prove'
	picked "AMP_RPMSG_ABI_TEXT \"$right, unproved\""
}

# A private header as a source tree has it: a layout without our macros, and some helpers.
tree_header() {
	printf '#include <linux/rpmsg.h>\n#include <linux/poll.h>\n'
	preprocess -P "$top/compat/rpmsg-abi/$1.h"
	cat <<-EOF
	#define to_rpmsg_device(d) container_of(d, struct rpmsg_device, dev)
	#define to_rpmsg_driver(d) container_of(d, struct rpmsg_driver, drv)
	struct device *rpmsg_find_device(struct device *, struct rpmsg_channel_info *);
	struct rpmsg_device *rpmsg_create_channel(struct rpmsg_device *, struct rpmsg_channel_info *);
	int rpmsg_release_channel(struct rpmsg_device *, struct rpmsg_channel_info *);
	static inline int rpmsg_ctrldev_register_device(struct rpmsg_device *rpdev)
	{
		return rpmsg_register_device_override(rpdev, "rpmsg_ctrl");
	}
	EOF
}

# A source tree: its own header is the truth, and the drivers build with it.
test_tree() {
	local kernel=$tmp/tree right

	blind_kernel "$kernel"
	if [ ! -d "$kernel/source" ]; then
		echo "KDIR is a source tree itself"
		exit 4
	fi
	right=$(right_layout)
	mkdir -p "$kernel/source/drivers/rpmsg"
	tree_header "$right" > "$kernel/source/drivers/rpmsg/rpmsg_internal.h"
	copy_tree "$tmp/tree-modules"
	build "$kernel" "$tmp/tree-modules" drivers/rpmsg/virtio_rpmsg_ept.o
	cat "$tmp/tree-modules/compat/generated/features.h"
	[ "$(layout_of "$tmp/tree-modules/compat/generated")" = tree ]
	# What was found out about the tree must be what the layout says of itself.
	diff <(preprocess -dM "$top/compat/rpmsg-abi/$right.h" | grep '^#define RPMSG_' | cut -d ' ' -f 2 | sort) \
		<(grep '^#define RPMSG_' "$tmp/tree-modules/compat/generated/features.h" |
			cut -d ' ' -f 2 | sort)
}

test_broken_compiler() {
	wrap_compiler "$tmp/broken-cc" 'set -- --no-such-option "$@"'
	CC=$tmp/broken-cc refused "$tmp/broken" 'cannot build anything for this kernel'
	grep -q 'no-such-option' "$tmp/broken.log"
}

test_careless_compiler() {
	compile_as_empty '*.c' "$tmp/careless-cc"
	CC=$tmp/careless-cc refused "$tmp/careless" 'cannot tell features apart'
}

# Of the others only never.c matters to these two, and it must not compile.
test_none_of_a_pair() {
	compile_as_empty '*.c' "$tmp/none-cc" 'case "$*" in
*virtqueue_*) echo "no virtqueues today" >&2; exit 1 ;;
*never.c*) exit 1 ;;
esac'
	CC=$tmp/none-cc refused "$tmp/none" "answers to none of 'virtqueue_info virtqueue_arrays'"
	grep -q 'no virtqueues today' "$tmp/none.log"
}

test_both_of_a_pair() {
	compile_as_empty '*.c' "$tmp/both-cc" 'case "$*" in *never.c*) exit 1 ;; esac'
	CC=$tmp/both-cc refused "$tmp/both" 'exactly one of'
}

test_not_prepared() {
	local kernel=$tmp/empty

	mkdir "$kernel"
	: > "$kernel/Makefile"
	refused "$tmp/empty-out" 'is not prepared'
}

# One build for three questions: features.h of another kernel is replaced without being asked for,
# a module that this kernel has built in is left out, and kbuild alone is enough. What is asked is
# Kbuild: the sources are emptied, which saves most of the time.
test_kbuild() {
	local kernel=$tmp/builtin tree=$tmp/modules

	fake_kernel "$kernel"
	echo 'CONFIG_RPMSG_CHAR=y' >> "$kernel/include/config/auto.conf"
	copy_tree "$tree"
	truncate -s 0 "$tree"/drivers/rpmsg/*.c
	mkdir "$tree/compat/generated"
	cat > "$tree/compat/generated/features.h" <<-EOF
	/*
	 * Generated by compat/features.sh; do not edit.
	 * kernel: 5.4.0-other, key: 1234567890-42
	 */
	#error "features of another kernel"
	EOF
	build "$kernel" "$tree" drivers/rpmsg/
	[ -f "$tree/drivers/rpmsg/virtio_rpmsg_bus.o" ]
}

test_other_kernel() {
	grep "kernel: $(sed -n 's/.*UTS_RELEASE "\(.*\)".*/\1/p' "$KDIR/include/generated/utsrelease.h")," \
		"$tmp/modules/compat/generated/features.h"
}

test_built_in() {
	cat "$tmp/modules/drivers/rpmsg/modules.order"
	grep -q 'drivers/rpmsg/rpmsg_ctrl\.' "$tmp/modules/drivers/rpmsg/modules.order"
	fails grep -q 'drivers/rpmsg/rpmsg_char\.' "$tmp/modules/drivers/rpmsg/modules.order"
	[ ! -e "$tmp/modules/drivers/rpmsg/rpmsg_char.o" ]
}

# 6.1 as it began, and as some vendors have kept it: without what stable updates brought.
early_kernel() {
	local include=$1/include real

	fake_kernel "$1"
	[ ! -d "$1/source" ] || include=$1/source/include
	real=$(readlink -f "$include/linux")
	rm "$include/linux"
	farm "$real" "$include/linux"
	include=$include/linux
	own "$include/of.h"
	sed -i '/^static inline bool of_property_present(/,/^}/d' "$include/of.h"
	own "$include/timer.h"
	sed -i -e '/timer_delete_sync(struct timer_list/d' \
		-e '/^static inline int del_timer_sync(/,/^}/c int del_timer_sync(struct timer_list *timer);' "$include/timer.h"
	own "$include/mailbox_client.h"
	sed -i '/mbox_bind_client(/d' "$include/mailbox_client.h"
	own "$include/uio.h"
	sed -i '/define ITER_\(SOURCE\|DEST\)/d' "$include/uio.h"
}

# All that use what was taken away still compile, without a warning; Zynq-7000 is for 32-bit kernels only.
test_early() {
	local kernel=$tmp/early tree=$tmp/early-modules objects

	if ! grep -qr '^static inline int del_timer_sync(' --include=timer.h "$KDIR/include" \
		"$(sed -n 's#^include \(.*\)/Makefile$#\1/include/linux#p' "$KDIR/Makefile")"; then
		echo "for headers of 6.1"
		exit 4
	fi
	early_kernel "$kernel"
	copy_tree "$tree"
	mapfile -t objects < <(cd "$tree" && grep -lrE --include='*.c' \
		'of_property_present|timer_delete_sync|mbox_bind_client|ITER_DEST' drivers | grep -v zynq_ | sed 's/c$/o/')
	echo "${objects[@]}"
	[ "${#objects[@]}" -ge 7 ]
	build "$kernel" "$tree" COMPILE_TEST=1 W=1 KCFLAGS=-Werror "${objects[@]}"
	fails grep -E 'define AMP_HAVE_(OF_PROPERTY_PRESENT|TIMER_DELETE_SYNC|MBOX_BIND_CLIENT)' "$tree/compat/generated/features.h"
}

# Nothing is compiled without features.h, and the message says what to run.
test_cannot_write() {
	local tree=$tmp/stuck

	copy_tree "$tree"
	: > "$tree/compat/generated"
	fails build "$KDIR" "$tree" modules > "$tmp/stuck.log" 2>&1
	cat "$tmp/stuck.log"
	grep -q 'compat: cannot tell what this kernel offers.*compat/features.sh KDIR=' "$tmp/stuck.log"
	[ -z "$(find "$tree" -name '*.o')" ]
	# A directory where nobody can make a file, root neither; no compiler is asked before that is known.
	fails sh "$tree/compat/features.sh" "KDIR=$KDIR" OUT=/proc CC=false > "$tmp/proc.log" 2>&1
	cat "$tmp/proc.log"
	grep -q 'compat: cannot write to /proc' "$tmp/proc.log"
}

# --------------------------------------------------------------------------------------------------

# What CC is by itself for this kernel: kbuild knows it while it reads a Kbuild.
mkdir "$tmp/cc"
# shellcheck disable=SC2016 # for make
echo '$(info cc=$(CC))' > "$tmp/cc/Kbuild"
own_cc=$(make -s -C "$KDIR" M="$tmp/cc" "${make_args[@]}" modules 2> /dev/null | sed -n 's/^cc= *//p' | head -n 1)

# Two at a time: kbuild spends much of its own time alone. Within a lane the later use what the
# earlier found out.
layouts() {
	run 1 "the layout is proved for this kernel" test_proved
	run 2 "asking again costs nothing" test_unchanged
	run 3 "every other layout is refused" test_wrong_layout
	run 4 "a kernel with unknown operations is refused" test_unknown_layout
	run 5 "a kernel with an unknown class is refused" test_unknown_class
	run 6 "a kernel without any evidence gives a warning" test_unproved
	run 7 "a source tree's own header is used" test_tree
}

builds() {
	run 8 "a compiler that cannot build is reported" test_broken_compiler
	run 9 "a compiler that accepts everything is reported" test_careless_compiler
	run 10 "none of a pair is an error" test_none_of_a_pair
	run 11 "both of a pair are an error" test_both_of_a_pair
	run 12 "a kernel that is not prepared is refused" test_not_prepared
	run 13 "kbuild alone builds the modules" test_kbuild
	run 14 "features of another kernel are replaced" test_other_kernel
	run 15 "a module that the kernel has built in is not built" test_built_in
	run 16 "no features, no build" test_cannot_write
	run 17 "6.1 without its stable updates is enough" test_early
}

layouts &
builds &
wait
echo "TAP version 13"
echo "1..17"
for i in {1..17}; do
	cat "$tmp/$i.result"
done | tee "$tmp/results"
failures=$(grep -c '^not ok' "$tmp/results")
skips=$(grep -c '^ok.*# SKIP' "$tmp/results")
echo "# Totals: pass:$((17 - failures - skips)) fail:$failures xfail:0 xpass:0 skip:$skips error:0"
[ "$failures" -eq 0 ]
