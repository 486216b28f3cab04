#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What people have at hand: stty, picocom and socat as Debian ships them, on the terminals and the
# character devices of a remote.
#
# AMP_TOOLS: not empty if they must be there
#
# Copyright (c) 2026 linux-amp developers

# shellcheck source-path=SCRIPTDIR source=../remoteproc/ktap.sh
. "$(dirname "$0")/../remoteproc/ktap.sh"
# shellcheck source-path=SCRIPTDIR source=terminals.sh
. "$(dirname "$0")/terminals.sh"

TMP=/tmp/amp-tools
BYTES=$((2000000 * ${AMP_SCALE:-100} / 100))
# By its path: busybox's shell has one of its own, which it likes better.
STTY=/bin/stty
PICOCOM="picocom --quiet --nolock"

need_stty() {
	$STTY --version 2>/dev/null | grep -q coreutils && return
	echo "# stty is not that of coreutils"
	[ -z "${AMP_TOOLS:-}" ] || exit 1
	skip "stty is not that of coreutils"
}

says() {
	case " $($STTY -F "$TTY" -a | tr ';\n' '  ') " in
	*" $1 "*) return 0 ;;
	esac
	return 1
}

stty_shows_raw() {
	need_stty
	begin
	for word in -icanon -echo -isig -iexten -opost -icrnl -ixon -istrip clocal cs8; do
		must says "$word"
	done
}

stty_sets_and_restores() {
	need_stty
	begin
	exec 3<> "$TTY"
	# Any speed will do. It comes first: stty itself cannot restore another one.
	must $STTY -F "$TTY" 115200
	must [ "$($STTY -F "$TTY" speed)" = 115200 ]
	before=$($STTY -F "$TTY" -g)
	must $STTY -F "$TTY" sane
	must says icanon
	must says echo
	must says opost
	must [ "$($STTY -F "$TTY" -g)" != "$before" ]
	# Other than eight bits cannot be had.
	refused $STTY -F "$TTY" cs7
	must says cs8
	must $STTY -F "$TTY" "$before"
	must [ "$($STTY -F "$TTY" -g)" = "$before" ]
	exec 3>&-
}

# Keys come from a pipe: what is typed is echoed by the remote, and Ctrl-A Ctrl-X leaves.
picocom_talks() {
	need picocom
	begin
	mkfifo $TMP/keys
	$PICOCOM "$TTY" < $TMP/keys > $TMP/screen 2>&1 &
	exec 3> $TMP/keys
	for word in hello again; do
		printf '%s\r' $word >&3
		until_ok grep -q $word $TMP/screen
	done
	printf '\001\030' >&3
	exec 3>&-
	must wait $!
}

picocom_hangs_up_with_the_remote() {
	need picocom
	begin
	mkfifo $TMP/keys
	$PICOCOM "$TTY" < $TMP/keys > $TMP/screen 2>&1 &
	exec 3> $TMP/keys
	printf 'hello\r' >&3
	until_ok grep -q hello $TMP/screen
	stop
	until_ok ended $!
	exec 3>&-
}

# Settings wait until all that was written has been sent. The remote takes no more while nobody reads what
# it echoes: a reader that comes to set the terminal up after the writer would wait for itself.
socat_carries_a_file() {
	need socat
	begin
	head -c "$BYTES" /dev/urandom > $TMP/sent
	timeout 500 socat -d -d -u "FILE:$TTY,raw,echo=0,readbytes=$BYTES" CREATE:$TMP/got 2> $TMP/log &
	until_ok grep -q "starting data transfer" $TMP/log
	must timeout 500 socat -u FILE:$TMP/sent "FILE:$TTY,raw,echo=0"
	must wait $!
	must cmp $TMP/sent $TMP/got
}

# A message for each read and write of socat's.
socat_talks_to_an_endpoint() {
	need socat
	begin
	must timeout 300 socat -b 496 "OPEN:$RAW" "SYSTEM:echo hello; read -r answer; echo \$answer > $TMP/answer"
	must [ "$(cat $TMP/answer)" = hello ]
}

socat_ends_with_the_remote() {
	need socat
	begin
	socat "OPEN:$RAW" "FILE:$TTY,raw,echo=0" > $TMP/out 2>&1 &
	# Each brings the other something to do, round and round.
	echo hello > "$TTY"
	stop
	until_ok ended $!
	# And nobody has it from the next one.
	begin
	must timeout 300 socat -b 496 "OPEN:$RAW" "SYSTEM:echo again; read -r answer; echo \$answer > $TMP/answer"
	must [ "$(cat $TMP/answer)" = again ]
}

clean() {
	rm -rf $TMP
	mkdir -p $TMP
}

ktap_plan 7
for test in stty_shows_raw stty_sets_and_restores picocom_talks picocom_hangs_up_with_the_remote \
	socat_carries_a_file socat_talks_to_an_endpoint socat_ends_with_the_remote; do
	clean
	ktap_case $test
done
(begin; stop) > /dev/null
rm -rf $TMP
ktap_finish
