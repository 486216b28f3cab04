#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The udev rules under the udev that Debian ships: names, groups and permissions, what happens to them
# when a remote stops, and names that somebody has chosen to get out of their directory.
#
# AMP_TOOLS: not empty if udev must be there
#
# Copyright (c) 2026 linux-amp developers

# shellcheck source-path=SCRIPTDIR source=../remoteproc/ktap.sh
. "$(dirname "$0")/../remoteproc/ktap.sh"
# shellcheck source-path=SCRIPTDIR source=terminals.sh
. "$(dirname "$0")/terminals.sh"

UDEVD=/lib/systemd/systemd-udevd
RULES=/usr/lib/udev/rules.d/60-linux-amp.rules
USERS=/etc/udev/rules.d/50-rpmsg.rules
HERE=$(dirname "$0")
# There while the daemon that runs was started here.
OURS=/tmp/amp-udevd
# Groups that Debian's own rules name, and the one of ours.
RULE_GROUPS="tty:5 disk:6 lp:7 kmem:15 dialout:20 cdrom:24 tape:26 audio:29 video:44 input:101 kvm:102
	render:103 sgx:104 rpmsg:105"

# A system of its own has it running, with our rules installed; a test board gets both from here.
udev_start() {
	must [ -f $RULES ]
	[ -f /etc/group ] || {
		mkdir -p /etc
		echo root:x:0: > /etc/group
		for group in $RULE_GROUPS; do
			echo "${group%:*}:x:${group#*:}:" >> /etc/group
		done
	}
	[ -f /etc/passwd ] || echo root::0:0:root:/:/bin/sh > /etc/passwd
	if [ ! -S /run/udev/control ]; then
		mkdir -p /run
		must $UDEVD --daemon --resolve-names=early
		touch $OURS
	fi
	# No more than the rules are about: a board has hundreds of other devices.
	must udevadm trigger --action=add --subsystem-match=remoteproc --subsystem-match=rpmsg
	must udevadm trigger --action=add --sysname-match='ttyRPMSG*'
	settle
}

# ask_daemon ARGUMENT...: of udevadm's, what may be done twice. The daemon hangs up on who asks ("Broken pipe", seen
# with systemd 252) if it cannot read the question at once.
ask_daemon() {
	udevadm "$@" || must udevadm "$@"
}

settle() {
	ask_daemon settle --timeout=300
}

# Everything is there, and udev is done with it.
ready() {
	begin
	settle
	NAME=$(cat "$RPROC/name")
	DIR=/dev/rpmsg/$NAME
}

# makes_channel NAME REMOTE_ADDRESS
makes_channel() {
	must "$HERE/channel_add" "$(node rpmsg_ctrl rpmsg)" "$1" "$2"
	until_ok has_node "$1" tty
	settle
}

# leads LINK NODE
leads() {
	[ -L "$1" ] && [ "$(readlink -f "$1")" = "$2" ]
}

rules_are_understood() {
	udev_start
	must udevadm test --action=add /class/mem/null > /tmp/udev.log 2>&1
	grep -E "[46]0-linux-amp.rules:[0-9]+.*(nvalid|nknown|gnoring|ailed)" /tmp/udev.log | sed 's/^/# /' > /tmp/udev.bad
	cat /tmp/udev.bad
	must [ ! -s /tmp/udev.bad ]
}

channels_by_name() {
	ready
	must leads "$DIR/rpmsg-raw" "$RAW"
	must leads "$DIR/rpmsg-tty" "$TTY"
	must leads "$DIR/rpmsg-tty-1" "$(node rpmsg-tty-1 tty)"
	must leads "$DIR/rpmsg-virtual-tty-channel" "$VIRTUAL"
	must leads "$DIR/ctrl" "$(node rpmsg_ctrl rpmsg)"
}

terminal_by_address() {
	ready
	must [ "$VIRTUAL" = /dev/ttyRPMSG30 ]
	# One that no terminal can have as its number.
	makes_channel rpmsg-virtual-tty-channel-1 1040
	must leads /dev/ttyRPMSG1040 "$(node rpmsg-virtual-tty-channel-1 tty)"
}

# One address twice: who is first has the number, and the other one another.
terminals_by_one_address() {
	ready
	makes_channel rpmsg-virtual-tty-channel-1 30
	must [ "$VIRTUAL" = /dev/ttyRPMSG30 ]
	must [ "$(node rpmsg-virtual-tty-channel tty)" = /dev/ttyRPMSG30 ]
	refused [ "$(node rpmsg-virtual-tty-channel-1 tty)" = /dev/ttyRPMSG30 ]
}

# More terminals than there are before the numbers that are addresses: no link hides a node.
terminals_are_what_they_are_called() {
	ready
	makes_channel rpmsg-virtual-tty-channel-1 33
	must [ -c /dev/ttyRPMSG33 ]
	control=$(node rpmsg_ctrl rpmsg)
	for i in $(seq 10 49); do
		must "$HERE/channel_add" "$control" "rpmsg-tty-$i" 1040
	done
	until_ok has_node rpmsg-tty-49 tty
	settle
	count=0
	for terminal in /sys/class/tty/ttyRPMSG*; do
		IFS=: read -r major minor < "$terminal/dev"
		must [ "$(stat -c '%t %T' "/dev/${terminal##*/}")" = "$(printf '%x %x' "$major" "$minor")" ]
		count=$((count + 1))
	done
	must [ $count -ge 41 ]
}

# Kernels with CONFIG_REMOTEPROC_CDEV have a node for each remote.
what_is_there() {
	[ ! -c "/dev/${RPROC##*/}" ] || { echo "/dev/${RPROC##*/}"; return 0; }
	readlink -f "$RPROC"
}

remotes_by_name() {
	ready
	must leads "/dev/remoteproc/$NAME" "$(what_is_there)"
}

group_id() {
	sed -n "s/^$1:x:\([0-9]*\):.*/\1/p" /etc/group
}

# owned_by NODE GROUP
owned_by() {
	[ "$(stat -c '%a %u' "$1")" = "660 0" ] && [ "$(stat -c %g "$1")" = "$(group_id "$2")" ]
}

groups_not_world() {
	ready
	must owned_by "$RAW" rpmsg
	must owned_by "$(node rpmsg_ctrl rpmsg)" rpmsg
	must owned_by "$TTY" dialout
	must owned_by "$VIRTUAL" dialout
	# Who starts a remote runs code with access to all of memory.
	must [ "$(stat -L -c '%a %u %g' "$RPROC/state")" = "644 0 0" ]
}

# Of users, who number theirs from 50 as Debian does.
users_rules_win() {
	mkdir -p /etc/udev/rules.d
	cat > $USERS <<-'END'
		SUBSYSTEM=="rpmsg", GROUP="video", MODE="0640"
		KERNEL=="ttyRPMSG*", MODE="0600"
	END
	ask_daemon control --reload
	ready
	must [ "$(stat -c '%a %g' "$RAW")" = "640 $(group_id video)" ]
	must [ "$(stat -c '%a %g' "$(node rpmsg_ctrl rpmsg)")" = "640 $(group_id video)" ]
	must [ "$(stat -c %a "$TTY")" = 600 ]
	must leads "$DIR/rpmsg-raw" "$RAW"
}

no_users_rules() {
	rm -f $USERS
	ask_daemon control --reload
	ready
	must owned_by "$RAW" rpmsg
}

names_go_with_the_remote() {
	ready
	stop
	settle
	must [ -z "$(ls "$DIR" 2>/dev/null)" ]
	must [ ! -e /dev/ttyRPMSG30 ]
	must leads "/dev/remoteproc/$NAME" "$(what_is_there)"
	ready
	must leads "$DIR/rpmsg-raw" "$RAW"
}

two_remotes_apart() {
	ready
	for OTHER in /sys/class/remoteproc/remoteproc*; do
		[ "$OTHER" = "$RPROC" ] || break
	done
	[ "$OTHER" != "$RPROC" ] || skip "there is one remote only"
	FIRST=$RAW
	echo "amp-echo-r5-1.elf" > "$OTHER/firmware"
	must sh -c "echo start > $OTHER/state"
	until_ok [ -L "/dev/rpmsg/$(cat "$OTHER/name")/rpmsg-raw" ]
	settle
	must leads "$DIR/rpmsg-raw" "$FIRST"
	refused leads "/dev/rpmsg/$(cat "$OTHER/name")/rpmsg-raw" "$FIRST"
	echo stop > "$OTHER/state"
}

# makes NAME: an endpoint device of that name
makes() {
	must "$HERE/endpoint" "$(node rpmsg_ctrl rpmsg)" "$1" 1025
	settle
}

endpoints_by_name() {
	ready
	makes my-endpoint
	must [ -L "$DIR/my-endpoint" ]
	must [ "$(cat "/sys/class/rpmsg/$(basename "$(readlink "$DIR/my-endpoint")")/name")" = my-endpoint ]
	# Neither does a blank split it, nor does it become a pattern.
	makes 'two words'
	must [ -L "$DIR/two_words" ]
	makes 'st*r'
	must [ "$(find "$DIR" -type l | wc -l)" = "$(find "$DIR" -maxdepth 1 -type l | wc -l)" ]
}

# A program's endpoint does not take the name of a channel from it.
endpoints_after_channels() {
	ready
	makes rpmsg-raw
	makes rpmsg-tty
	must leads "$DIR/rpmsg-raw" "$RAW"
	must leads "$DIR/rpmsg-tty" "$TTY"
}

# shellcheck disable=SC2016  # they are meant as they are
names_that_want_out() {
	ready
	before=$(node rpmsg_ctrl rpmsg)
	for name in ../../evil ../evil /dev/evil a/b .hidden . .. ctrl '$(touch /tmp/evil)' \
		'`touch /tmp/evil`' 'x;touch /tmp/evil' '%k' '$attr{name}' '"x" RUN+="/bin/touch'; do
		makes "$name"
	done
	must leads "$DIR/ctrl" "$before"
	for path in /dev/evil /dev/rpmsg/evil "$DIR/evil" "$DIR/a" "$DIR/.hidden" /tmp/evil; do
		refused ls -d "$path"
	done
	# Whatever else there is lies in the directory and leads to an endpoint.
	for link in "$DIR"/* "$DIR"/.[!.]*; do
		[ -L "$link" ] || continue
		case $(readlink -f "$link") in
		/dev/rpmsg[0-9]* | /dev/rpmsg_ctrl[0-9]* | /dev/ttyRPMSG[0-9]*) ;;
		*)
			echo "# $link leads to $(readlink -f "$link")"
			exit 1
			;;
		esac
	done
}

end() {
	ready
	stop
	[ ! -e $OURS ] || must udevadm control --exit
	rm -f $OURS
}

if [ -z "${AMP_TOOLS:-}" ] && { [ ! -x $UDEVD ] || [ ! -f $RULES ]; }; then
	echo "TAP version 13"
	echo "1..0 # SKIP there is no udev, or it does not have our rules"
	exit 4
fi
ktap_plan 15
ktap_case rules_are_understood
ktap_case channels_by_name
ktap_case terminal_by_address
ktap_case terminals_by_one_address
ktap_case terminals_are_what_they_are_called
ktap_case remotes_by_name
ktap_case groups_not_world
ktap_case users_rules_win
ktap_case no_users_rules
ktap_case names_go_with_the_remote
ktap_case two_remotes_apart
ktap_case endpoints_by_name
ktap_case endpoints_after_channels
ktap_case names_that_want_out
ktap_case end
ktap_finish
