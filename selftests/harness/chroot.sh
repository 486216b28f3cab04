# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Compilers of newer suites. The host programs in Debian's headers packages want the C library of the
# suite they are from, and so does its compiler; a host that is older builds for such a kernel with the
# userland of the kernel's own suite. That is unpacked into the cache, never installed: no package's
# scripts run, and the host's apt does not learn of it. Sourced after apt.sh.
#
# Copyright (c) 2026 linux-amp developers

# Oldest first.
SUITES=(bookworm trixie forky)

# What kbuild runs with W=1 and C=1, and what shows our own scripts what a kernel has.
CHROOT_PACKAGES=(
	base-files libc-bin bash dash coreutils sed grep gawk findutils diffutils tar gzip xz-utils
	make libc6-dev pahole sparse perl python3-minimal
)

# The compiler that a suite's kernels were built with.
suite_gcc() {
	case $1 in
	bookworm) echo gcc-12 ;;
	trixie) echo gcc-14 ;;
	forky) echo gcc-16 ;;
	esac
}

# Whose lists are this run's, also for what it does in subshells
APT_RUN=$$.$(date +%s%N)

# suite_apt_options SUITE [ARCH]: set APT_OPTS to a private configuration that knows this suite alone, for the host's
# architecture and ARCH. One for each: where a mirror has the lists of one architecture from before a release and those of
# another from after it, apt refuses both, and who needs only one of them would have none.
suite_apt_options() {
	local dir=$APT_DIR/$1${2:+-$2} arch a

	arch=$(dpkg --print-architecture)
	APT_OPTS=(
		-o "Dir::Etc::SourceList=$dir/sources.list"
		-o "Dir::Etc::SourceParts=$APT_DIR/empty"
		-o "Dir::State::Lists=$dir/lists"
		-o "Dir::State::status=$dir/status"
		-o "Dir::Cache=$dir/cache"
		-o "APT::Architecture=$arch"
		-o "APT::Sandbox::User=root"
		-o "Acquire::Retries=3"
	)
	for a in "$arch" ${2:+"$2"}; do
		APT_OPTS+=(-o "APT::Architectures::=$a")
	done
}

# suite_apt SUITE [ARCH]: set APT_OPTS for it, and fetch its lists once a run, also if several want them at a time.
suite_apt() {
	local name=$1${2:+-$2} dir arch uri keyring=/usr/share/keyrings/debian-archive-keyring.gpg signed=""

	dir=$APT_DIR/$name
	suite_apt_options "$@"
	arch=$(dpkg --print-architecture)
	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial" "$APT_DIR/empty"
	exec 8> "$dir/.lock"
	if ! flock -n 8; then
		say "  waiting for whoever fetches the package lists of $1${2:+ for $2}"
		flock 8
	fi
	if grep -qsx "$APT_RUN" "$dir/fetched"; then
		exec 8>&-
		return
	fi
	uri=$(host_main_source)
	[ -n "$uri" ] || die "apt does not say where this host gets its packages: is it Debian 12 or 13, and did 'apt-get update' run?"
	[ ! -f "$keyring" ] || signed=" signed-by=$keyring"
	: > "$dir/status"
	echo "deb [arch=$arch${2:+,$2}$signed] $uri $1 main" > "$dir/sources.list"
	step "fetching the package lists of $1${2:+ for $2}" "apt-lists-$name" \
		apt-get "${APT_OPTS[@]}" -o APT::Update::Error-Mode=any update ||
		die "cannot fetch package lists: no network, or the mirror is down or amid an update? see build/logs/apt-lists-$name.log"
	# Lists have the date that the mirror gives them.
	echo "$APT_RUN" > "$dir/fetched"
	exec 8>&-
}

# suite_lists SUITE ARCH: the same, but those that were fetched less than a day ago will do; older ones if there is no other
# way.
suite_lists() {
	local dir=$APT_DIR/$1-$2

	suite_apt_options "$@"
	[ -z "$(find "$dir/fetched" -mtime -1 2> /dev/null)" ] || return 0
	# In a subshell: who cannot fetch them says so and dies.
	(suite_apt "$@") || compgen -G "$dir/lists/*_Packages*" > /dev/null || exit 1
}

fetch_chroot() {
	local new=$1 suite=$3 gcc deb

	gcc=$(suite_gcc "$suite")
	suite_apt "$suite"
	mkdir -p "$new/debs/partial" "$new/root" "$new/mnt"
	# With an empty package database apt takes everything that these depend on.
	step "fetching the compilers of $suite (about 150 MB)" "chroot-$suite" \
		apt-get "${APT_OPTS[@]}" -o "Dir::Cache::archives=$new/debs" -o Debug::NoLocking=1 \
		--no-install-recommends -y --download-only install "${CHROOT_PACKAGES[@]}" \
		"$gcc" "$gcc-aarch64-linux-gnu" "$gcc-arm-linux-gnueabihf" || return 1
	# base-files says that /bin is /usr/bin, and must be there before others put something into it.
	for deb in "$new"/debs/base-files_*.deb "$new"/debs/*.deb; do
		dpkg -x "$deb" "$new/root" || return 1
	done
	rm -rf "$new/debs" "$new"/root/usr/share/{doc,info,locale,man}
	# A third of all, and nothing that a kernel's build runs.
	find "$new/root" \( -name lto1 -o -name '*-lto-dump-*' -o -name 'lib*san.*' \) -delete
	# What the packages' scripts would have set up.
	ln -sf "$gcc" "$new/root/usr/bin/gcc" && ln -sf gawk "$new/root/usr/bin/awk" &&
		chroot_works "$new" "$gcc"
}

# A first program that needs most of it: the shell, make, a compiler.
chroot_works() {
	step "trying $2" chroot-try ./chroot_run.sh "$1" sh -c "
		echo 'int main(void) { return 0; }' > /tmp/chroot-try.\$\$.c &&
		for cc in $2 aarch64-linux-gnu-$2 arm-linux-gnueabihf-$2; do
			\$cc -c -o /dev/null /tmp/chroot-try.\$\$.c || exit 1
		done
		rm /tmp/chroot-try.\$\$.c && make --version && pahole --version && sparse --version"
}

# suite_rank SUITE: its place among the suites; one that is not known here is newer than all.
suite_rank() {
	local i

	for i in "${!SUITES[@]}"; do
		[ "${SUITES[i]}" != "$1" ] || break
		[ "$i" -lt $((${#SUITES[@]} - 1)) ] || i=$((i + 1))
	done
	echo "$i"
}

declare -A CHROOTS=()

# chroot_for SUITE: set K_RUN to what has to stand before the commands of a build for that suite's
# kernels: nothing on a host that is as new.
# shellcheck disable=SC2034  # read by name
chroot_for() {
	local codename ENTRY

	# shellcheck source=/dev/null
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	K_RUN=
	[ "$(suite_rank "$codename")" -lt "$(suite_rank "$1")" ] || return 0
	if [ -z "${CHROOTS[$1]:-}" ]; then
		cache_get "chroot-$1" "$(cache_key "$1" "${CHROOT_PACKAGES[*]}" "$(suite_gcc "$1")" layout-1)" fetch_chroot "$1"
		CHROOTS[$1]=$ENTRY
	fi
	K_RUN="$TOP/selftests/harness/chroot_run.sh ${CHROOTS[$1]}"
}
