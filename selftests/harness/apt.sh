# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Packages. Two kinds, kept apart: what the host itself needs is installed with the host's own apt;
# packages of other architectures and suites are only downloaded, through a private configuration with
# its own lists and its own package cache, so that the host never learns of a foreign architecture and
# a missing foreign index on a mirror never breaks the host. Sourced after cache.sh.

APT_DIR=$CACHE/apt

# The mirrors are the host's: whatever serves the host's own release as "main" serves the others too.
host_main_source() {
	local codename

	# shellcheck source=/dev/null
	codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
	# shellcheck disable=SC2016  # the $(...) are apt's, not the shell's
	apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' "Created-By: Packages" |
		awk -v c="$codename" '$1 == c && $2 == "main" { print $3; exit }'
}

# Sources, and what the host itself runs or is for every architecture: no more lists than that, see suite_apt_options.
# Debian's own keyring holds the keys of every supported release. A host without it trusts its mirror in some other way,
# which apt then applies by itself.
private_apt_sources() {
	local arch=$1 uri keyring=/usr/share/keyrings/debian-archive-keyring.gpg signed=

	uri=$(host_main_source)
	[ -n "$uri" ] || die "apt does not say where this host gets its packages: is it Debian 12 or 13, and did 'apt-get update' run?"
	[ ! -f "$keyring" ] || signed="signed-by=$keyring"
	cat <<-END
	deb-src [$signed] $uri trixie main
	deb [arch=$arch $signed] $uri trixie main
	deb [arch=$arch $signed] $uri bookworm main
	END
}

private_apt_setup() {
	local arch

	arch=$(dpkg --print-architecture)
	mkdir -p "$APT_DIR/lists/partial" "$APT_DIR/cache/archives/partial" "$APT_DIR/empty"
	private_apt_sources "$arch" | sed 's/ \[\]//' > "$APT_DIR/sources.list"
	[ -s "$APT_DIR/sources.list" ] || exit 1
	APT_OPTS=(
		-o "Dir::Etc::SourceList=$APT_DIR/sources.list"
		-o "Dir::Etc::SourceParts=$APT_DIR/empty"
		-o "Dir::State::Lists=$APT_DIR/lists"
		-o "Dir::Cache=$APT_DIR/cache"
		-o "APT::Architecture=$arch"
		-o "APT::Architectures::=$arch"
		-o "APT::Sandbox::User=root"
		-o "Acquire::Retries=3"
	)
}

# The lists are fetched once a run, and only by a run that has something to download.
private_apt_update() {
	# Others set APT_OPTS too.
	private_apt_setup || return 1
	[ -z "${APT_UPDATED:-}" ] || return 0
	step "fetching package lists (about half a minute)" apt-lists \
		apt-get "${APT_OPTS[@]}" -o APT::Update::Error-Mode=any update ||
		die "cannot fetch package lists: no network, or the mirror is down or amid an update? see build/logs/apt-lists.log"
	APT_UPDATED=1
}

# private_download DIR PACKAGE...: download into DIR; apt checks the archive's signatures.
private_download() {
	local dir=$1

	shift
	mkdir -p "$dir"
	(cd "$dir" && apt-get "${APT_OPTS[@]}" download "$@")
}

private_source() {
	local dir=$1

	mkdir -p "$dir"
	# Only upstream's tarball: Debian's packaging is not needed, and mirrors drop it first.
	(cd "$dir" && apt-get "${APT_OPTS[@]}" source --download-only --tar-only "$2")
}

missing_host_packages() {
	local p

	for p in "$@"; do
		dpkg-query -W -f '${db:Status-Status}\n' "$p" 2>/dev/null | grep -qx installed || echo "$p"
	done
}

# install_host_packages PACKAGE...: install what is missing, waiting for another apt if one runs.
install_host_packages() {
	local missing

	mapfile -t missing < <(missing_host_packages "$@")
	[ ${#missing[@]} -gt 0 ] || return 0
	[ "$(id -u)" = 0 ] || die "missing packages; as root: apt-get install ${missing[*]}"
	# A foreign architecture's broken index must not stop us: what counts is whether the install works.
	step "refreshing the host's package lists" host-lists apt-get -o DPkg::Lock::Timeout=600 update || true
	step "installing host packages: ${missing[*]}" host-packages env DEBIAN_FRONTEND=noninteractive \
		apt-get -o DPkg::Lock::Timeout=600 -y --no-install-recommends install "${missing[@]}" ||
		die "cannot install host packages (${missing[*]}): see build/logs/host-packages.log"
}
