#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Test of tools/dtb-symbols and tools/dtb-merge. Prints KTAP.
#
#   test.sh [DIRECTORY]...
#
# The directories hold devicetree blobs of ZynqMP boards, such as a Debian kernel package's
# usr/lib/linux-image-*/xilinx. Without any, only the trees made here are used.
# Copyright (c) 2026 linux-amp developers

set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$here/../..
tools=$top/tools
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0
failed=0

result() {	# result STATUS NAME
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count $2"
	else
		sed 's/^/# /' "$work/log"
		echo "not ok $count $2"
		failed=$((failed + 1))
	fi
}

check() {	# check NAME COMMAND...: in a subshell, its output shown if it fails
	local name=$1

	shift
	("$@") > "$work/log" 2>&1
	result $? "$name"
}

# Every line of a tree with its path in front, so that trees can be compared whatever their order is
flat() {
	dtc -q -I dtb -O dts "$1" | awk '
		{ sub(/^[ \t]+/, "") }
		/^[A-Za-z_][A-Za-z0-9_]*: .* [{]$/ { while (sub(/^[A-Za-z_][A-Za-z0-9_]*: /, "")); }
		/ [{]$/ { path = $1 == "/" ? "" : path "/" $1; next }
		/^};$/ { sub(/\/[^\/]*$/, "", path); next }
		NF { print path ": " $0 }
	' | LC_ALL=C sort
}

# What the overlays change on purpose in a tree that has these nodes already
expected='^/(remoteproc|remoteproc-split)@ffe00000[:/]'

kept() {	# kept BEFORE AFTER [PATTERN]: every line of BEFORE is in AFTER, but for PATTERN's
	flat "$1" | grep -Ev "${3:-^$}" > "$work/before"
	flat "$2" > "$work/after"
	LC_ALL=C comm -23 "$work/before" "$work/after" > "$work/lost"
	cat "$work/lost"
	[ ! -s "$work/lost" ]
}

# Two nodes with one phandle, or a reference to none, is what careless merging leaves
phandles_are_unique() {
	local twice

	twice=$("$tools/dtb-nodes" "$1" | awk '$1 { print $1 }' | sort | uniq -d)
	[ -z "$twice" ] || {
		echo "phandle $twice is used twice"
		return 1
	}
}

node_by_phandle() {
	"$tools/dtb-nodes" "$1" | awk -v p="$2" '$1 == p { print $2 }' | cut -f 1
}

refers_to() {	# refers_to DTB NODE PROPERTY CELL PATH
	local cell

	cell=$(fdtget -t u "$1" "$2" "$3" | cut -d ' ' -f "$4")
	[ "$(node_by_phandle "$1" "$cell")" = "$5" ] || {
		echo "$2 $3 cell $4 is $cell, $(node_by_phandle "$1" "$cell") instead of $5"
		return 1
	}
}

compile() {	# compile NAME: $work/NAME.dtbo
	dtc -q -@ -I dts -O dtb -o "$work/$1.dtbo" "$top/dts/$1.dtso"
}

board_with_split() {
	local out=$work/board.dtb rpu=/remoteproc-split@ffe00000 region=/reserved-memory

	"$tools/dtb-merge" "$1" "$out" zynqmp-rpu-split &&
		kept "$1" "$out" "$expected" && phandles_are_unique "$out" &&
		refers_to "$out" $rpu/r5f@0 memory-region 1 $region/memory@3ed00000 &&
		refers_to "$out" $rpu/r5f@1 memory-region 4 $region/vdev0vring1@3ef44000 &&
		refers_to "$out" $rpu/r5f@1 mboxes 3 /zynqmp-ipi-rpu1/mailbox@ff990440 &&
		refers_to "$out" $rpu/r5f@0 power-domains 1 /firmware/zynqmp-firmware &&
		fdtget "$out" /zynqmp-ipi-rpu0 interrupt-parent > /dev/null
}

board_with_lockstep() {
	local out=$work/board.dtb rpu=/remoteproc@ffe00000

	"$tools/dtb-merge" "$1" "$out" zynqmp-rpu-lockstep &&
		kept "$1" "$out" "$expected" && phandles_are_unique "$out" &&
		refers_to "$out" $rpu/r5f@0 memory-region 2 /reserved-memory/vdev0buffer@3ed48000 &&
		[ "$(fdtget "$out" $rpu status)" = okay ] &&
		[ "$(fdtget "$out" /remoteproc-split@ffe00000 status)" = disabled ]
}

# The symbols alone: nothing lost, nothing but symbols and phandles added, and again changes nothing
symbols_only() {
	local labels=$work/zynqmp-rpu-split.dtbo

	"$tools/dtb-symbols" "$1" "$work/once.dtb" "$labels" &&
		kept "$1" "$work/once.dtb" &&
		! LC_ALL=C comm -13 "$work/before" "$work/after" | grep -Ev '^/__symbols__: |: phandle = <' &&
		"$tools/dtb-symbols" "$work/once.dtb" "$work/twice.dtb" "$labels" &&
		cmp "$work/once.dtb" "$work/twice.dtb"
}

tree() {	# tree NAME [DTC OPTION]...: from the source on standard input
	local name=$1

	shift
	dtc -q "$@" -I dts -O dtb -o "$work/$name.dtb" -
}

make_trees() {
	# A vendor's shape: another bus name, no phandle on the node that the overlay refers to
	tree vendor << 'END'
/dts-v1/;
/ {
	#address-cells = <2>;
	#size-cells = <2>;
	amba_apu: amba-apu@0 {
		g: interrupt-controller@f9010000 {
			compatible = "xlnx,gic", "arm,gic-400";
			reg = <0x0 0xf9010000>;
		};
	};
	user { interrupt-parent = <&g>; };
	firmware {
		zynqmp-firmware {
			compatible = "xlnx,zynqmp-firmware";
			clock-controller {
				compatible = "xlnx,zynqmp-clk";
				#clock-cells = <1>;
			};
			reset-controller {
				compatible = "xlnx,zynqmp-reset";
				#reset-cells = <1>;
			};
			pin-controller {
				compatible = "xlnx,zynqmp-pinctrl";
			};
		};
	};
	amba {
		#address-cells = <2>;
		#size-cells = <2>;
		ranges;
	};
};
END
	# A Zynq-7000 as a plain kernel build leaves it: no symbols, and names that other SoCs have too
	tree zynq << 'END'
/dts-v1/;
/ {
	#address-cells = <1>;
	#size-cells = <1>;
	axi {
		#address-cells = <1>;
		#size-cells = <1>;
		interrupt-parent = <&gic>;
		ranges;
		gic: interrupt-controller@f8f01000 {
			compatible = "arm,cortex-a9-gic";
			reg = <0xf8f01000 0x1000>, <0xf8f00100 0x100>;
		};
		serial@e0000000 { reg = <0xe0000000 0x1000>; };
		serial@e0001000 { reg = <0xe0001000 0x1000>; };
	};
};
END
	tree no-firmware << 'END'
/dts-v1/;
/ { gic { compatible = "arm,gic-400"; }; };
END
	tree two-gics << 'END'
/dts-v1/;
/ {
	gic@1 { compatible = "arm,gic-400"; };
	gic@2 { compatible = "arm,gic-400"; };
	fw { compatible = "xlnx,zynqmp-firmware"; };
};
END
	tree symbols -@ << 'END'
/dts-v1/;
/ {
	gic: somewhere-else { };
	zynqmp_firmware: my-firmware { };
};
END
	# A label of the overlay is on a node that is there and that something refers to
	tree regions -@ << 'END'
/dts-v1/;
/ {
	#address-cells = <2>;
	#size-cells = <2>;
	gic: gic { };
	zynqmp_firmware: fw { };
	reserved-memory {
		#address-cells = <2>;
		#size-cells = <2>;
		ranges;
		fw_image: memory@3ed00000 { reg = <0 0x3ed00000 0 0x40000>; no-map; };
	};
	user { memory-region = <&fw_image>; };
};
END
	dtc -q -@ -I dts -O dtb -o "$work/unknown.dtbo" - << 'END'
/dts-v1/;
/plugin/;
&no_such_label { status = "okay"; };
END
	dtc -q -@ -I dts -O dtb -o "$work/on-top.dtbo" - << 'END'
/dts-v1/;
/plugin/;
&rpu0 { firmware-name = "mine.elf"; };
END
	dtc -q -@ -I dts -O dtb -o "$work/no-uart.dtbo" - << 'END'
/dts-v1/;
/plugin/;
&uart1 { status = "disabled"; };
END
}

vendor_tree() {
	"$tools/dtb-symbols" "$work/vendor.dtb" "$work/out.dtb" "$work/zynqmp-rpu-split.dtbo" &&
		kept "$work/vendor.dtb" "$work/out.dtb" && phandles_are_unique "$work/out.dtb" &&
		[ "$(fdtget "$work/out.dtb" /__symbols__ gic)" = /amba-apu@0/interrupt-controller@f9010000 ] &&
		[ "$(fdtget "$work/out.dtb" /firmware/zynqmp-firmware phandle)" = 2 ]
}

# zynq_with OVERLAY: merged into a tree of that SoC, whose interrupt controller it refers to, and a device switched off
zynq_with() {
	"$tools/dtb-merge" "$work/zynq.dtb" "$work/out.dtb" "$1" "$work/no-uart.dtbo" &&
		kept "$work/zynq.dtb" "$work/out.dtb" && phandles_are_unique "$work/out.dtb" &&
		refers_to "$work/out.dtb" /remoteproc-cpu1 interrupt-parent 1 /axi/interrupt-controller@f8f01000 &&
		[ "$(fdtget "$work/out.dtb" /axi/serial@e0001000 status)" = disabled ] &&
		! fdtget "$work/out.dtb" /axi/serial@e0000000 status
}

in_place() {
	cp "$work/vendor.dtb" "$work/place.dtb" &&
		"$tools/dtb-symbols" "$work/place.dtb" "$work/place.dtb" "$work/zynqmp-rpu-split.dtbo" &&
		fdtget "$work/place.dtb" /__symbols__ gic
}

# says NEEDLE COMMAND...: the command fails, with one line that holds the needle
says() {
	local needle=$1

	shift
	rm -f "$work/out.dtb"
	! "$@" > "$work/said" 2>&1 && cat "$work/said" && grep -qF "$needle" "$work/said" &&
		[ "$(grep -c . "$work/said")" -eq 1 ] && [ ! -e "$work/out.dtb" ]
}

symbols() {	# symbols [OPTION]... TREE OVERLAY
	local last=${*: -1} tree=${*: -2:1}

	"$tools/dtb-symbols" "${@:1:$#-2}" "$work/$tree.dtb" "$work/out.dtb" "$work/$last.dtbo"
}

given_label() {
	symbols -l gic=/gic@2 two-gics zynqmp-rpu-split &&
		[ "$(fdtget "$work/out.dtb" /__symbols__ gic)" = /gic@2 ]
}

symbols_untouched() {
	symbols symbols zynqmp-rpu-split && cmp "$work/symbols.dtb" "$work/out.dtb"
}

names_tree_and_label() {
	! "$tools/dtb-merge" "$work/no-firmware.dtb" "$work/out.dtb" zynqmp-rpu-split > "$work/said" 2>&1 &&
		cat "$work/said" && grep -q "label 'zynqmp_firmware': $work/no-firmware.dtb" "$work/said"
}

overlay_on_overlay() {
	"$tools/dtb-merge" "$work/vendor.dtb" "$work/out.dtb" zynqmp-rpu-split "$work/on-top.dtbo" &&
		[ "$(fdtget "$work/out.dtb" /remoteproc-split@ffe00000/r5f@0 firmware-name)" = mine.elf ]
}

phandle_survives() {
	"$tools/dtb-merge" "$work/regions.dtb" "$work/out.dtb" zynqmp-rpu-split &&
		kept "$work/regions.dtb" "$work/out.dtb" &&
		refers_to "$work/out.dtb" /user memory-region 1 /reserved-memory/memory@3ed00000 &&
		refers_to "$work/out.dtb" /remoteproc-split@ffe00000/r5f@0 memory-region 1 \
			/reserved-memory/memory@3ed00000
}

variant() {	# variant FILE
	case $1 in
	*/canary.dtso)	"$tools/dtb-merge" "$work/vendor.dtb" "$work/out.dtb" zynqmp-rpu-split "$1" ;;
	*)		"$tools/dtb-merge" "$work/vendor.dtb" "$work/out.dtb" "$1" ;;
	esac
}

quiet_variant() {
	local said

	said=$(variant "$1" 2>&1) && echo "$said" && [ -z "$said" ]
}

main() {
	local directory dtb overlay labels=$work/zynqmp-rpu-split.dtbo

	echo "KTAP version 1"
	if ! command -v fdtoverlay > /dev/null || ! command -v dtc > /dev/null; then
		echo "1..0 # SKIP device-tree-compiler is not installed"
		exit 4
	fi
	{ compile zynqmp-rpu-split && compile zynqmp-rpu-lockstep && make_trees; } > "$work/log" 2>&1
	result $? "overlays and test trees compile"

	check "a vendor's tree: nodes found by compatible, a phandle only where there is none" vendor_tree
	for overlay in zynq-zc702-cpu1 zynq-cpu1; do
		check "a Zynq-7000 without symbols: $overlay, and what the SoCs call alike" zynq_with $overlay
	done
	check "input and output may be one file" in_place
	check "a tree that has the symbols is left alone, wherever they point" symbols_untouched
	check "-l chooses between two nodes" given_label
	check "a later overlay may refer to an earlier one's labels" overlay_on_overlay
	check "an overlay's label does not take a phandle from its users" phandle_survives
	check "no such node: says label and tree" says \
		"label 'zynqmp_firmware': $work/no-firmware.dtb has no node" symbols no-firmware zynqmp-rpu-split
	check "two such nodes: says so" says \
		"label 'gic': more than one node of $work/two-gics.dtb" symbols two-gics zynqmp-rpu-split
	check "unknown label: says so" says \
		"label 'no_such_label' is not known and $work/vendor.dtb" symbols vendor unknown
	check "-l with a node that is not there: says so" says \
		"label 'gic': $work/vendor.dtb has no node /nowhere" symbols -l gic=/nowhere vendor zynqmp-rpu-split
	check "not a devicetree: says so" says \
		"$labels.txt is not a devicetree blob" "$tools/dtb-symbols" "$labels.txt" "$work/out.dtb" "$labels"
	check "dtb-merge names the user's file, not a temporary one" names_tree_and_label
	check "no such overlay: says so" says \
		"no overlay zynqmp-rpu-triple" "$tools/dtb-merge" "$work/vendor.dtb" "$work/out.dtb" zynqmp-rpu-triple
	for overlay in "$top"/selftests/cells/dts/*.dtso; do
		# Those of other boards are merged with these boards' trees when their cells are built.
		case ${overlay##*/} in
		zynq-* | imx*) continue ;;
		esac
		check "$(basename "$overlay") merges without a warning" quiet_variant "$overlay"
	done

	for directory; do
		for dtb in "$directory"/*.dtb; do
			# Newer packages have other families' boards next to them
			fdtget "$dtb" / compatible 2> /dev/null | tr ' ' '\n' | grep -qx xlnx,zynqmp || continue
			check "$(basename "$dtb"): symbols" symbols_only "$dtb"
			check "$(basename "$dtb"): split" board_with_split "$dtb"
			check "$(basename "$dtb"): lockstep" board_with_lockstep "$dtb"
		done
	done
	echo "1..$count"
	[ "$failed" -eq 0 ]
}

main "$@"
