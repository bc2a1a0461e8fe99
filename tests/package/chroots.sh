# SPDX-License-Identifier: BSD-3-Clause
# tests/package/chroots.sh: small Debian systems to build and install in. To be
# sourced; keeps everything in $cache. Nothing stays mounted and no process stays
# behind: each command has its own mount and process namespace, which end with it.

USER_NAME=user

# The mirror this machine's apt uses, for any suite.
mirror() {
    local codename
    codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
    apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' |
        awk -v wanted="$codename" '$2 == wanted && !/security/ { print $1; exit }'
}

# Where there is no network there still is loopback: SIOCSIFFLAGS with IFF_UP.
LOOPBACK_UP='socket(S, 2, 2, 0) or die; $r = pack(q(a16 s x22), q(lo), 1); ioctl(S, 0x8914, $r) or die'

# enter [--offline] ROOT COMMAND...: as root in ROOT.
enter() {
    local root offline=()
    if [ "$1" = --offline ]; then
        offline=(--net)
        shift
    fi
    root=$1
    shift
    mkdir -p "$cache/archives/$(cat "$root/.system")"
    offline=${offline[*]} loopback=$LOOPBACK_UP \
        unshare --mount --pid --fork --kill-child "${offline[@]}" bash -ec '
        root=$1 archives=$2
        shift 2
        mount -t proc proc "$root/proc"
        mount -t tmpfs tmpfs "$root/dev/shm"
        mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
        mount --bind "$archives" "$root/var/cache/apt/archives"
        [ -z "$offline" ] || perl -e "$loopback"
        exec chroot "$root" "$@"' enter "$root" "$cache/archives/$(cat "$root/.system")" \
        env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy="$http_proxy"} "$@"
}

# as_user [--offline] ROOT COMMAND...: as an ordinary user, in his home.
as_user() {
    local offline=()
    if [ "$1" = --offline ]; then
        offline=(--offline)
        shift
    fi
    local root=$1
    shift
    enter "${offline[@]}" "$root" setpriv --reuid "$USER_NAME" --regid "$USER_NAME" \
        --init-groups env -C "/home/$USER_NAME" HOME="/home/$USER_NAME" "$@"
}

# base SUITE [ARCHITECTURE]: a minimal system, as a tar archive; its path.
base() {
    local suite=$1 arch=${2:-$(dpkg --print-architecture)} root archive
    archive=$cache/$suite-$arch.tar
    if [ ! -e "$archive" ]; then
        root=$cache/base-$suite-$arch
        rm -rf "$root"
        debootstrap --variant=minbase --arch="$arch" "$suite" "$root" "$(mirror)" >&2
        rm -f "$root"/var/cache/apt/archives/*.deb
        echo "$suite-$arch" >"$root/.system"
        echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/unsafe-io"
        # For `apt`, which unlike apt-get throws away what it has installed.
        echo 'Binary::apt::APT::Keep-Downloaded-Packages "true";' \
            >"$root/etc/apt/apt.conf.d/keep"
        echo 'Acquire::Retries "5";' >"$root/etc/apt/apt.conf.d/retries"
        apt-config dump | grep '^Acquire::https\?::Proxy' >"$root/etc/apt/apt.conf.d/proxy" || true
        chroot "$root" useradd --create-home --shell /bin/sh "$USER_NAME"
        tar --one-file-system -C "$root" -cf "$archive.part" . && mv "$archive.part" "$archive"
        rm -rf "$root"
    fi
    echo "$archive"
}

# fresh_root NAME SUITE [ARCHITECTURE]: a new system called NAME; its path.
fresh_root() {
    local root=$cache/roots/$1 archive
    archive=$(base "${@:2}")
    rm -rf "$root"
    mkdir -p "$root"
    tar -C "$root" -xf "$archive"
    enter "$root" apt-get -q update >&2
    echo "$root"
}

# Removes the systems that were made for one step; systems to build in stay for later
# steps. Together they would take more than 10 GB.
forget_roots() {
    local root
    for root in "$cache"/roots/*; do
        [[ $root == */build-* ]] || rm -rf "$root"
    done
}

install_in() { # install_in ROOT PACKAGE...
    local root=$1
    shift
    enter "$root" apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends install "$@"
}

# Lets ROOT's apt use the repository that was made, with the repository's two files
# alone.
add_repository() { # add_repository ROOT SUITE [REPOSITORY]
    local repository=${3:-$work/apt}
    rm -rf "$1/srv/apt"
    cp -a "$repository" "$1/srv/apt"
    cp "$repository/libzmqlog.gpg" "$1/usr/share/keyrings/"
    rm -f "$1"/etc/apt/sources.list.d/libzmqlog-*
    cp "$repository/libzmqlog-$2.sources" "$1/etc/apt/sources.list.d/"
    enter "$1" apt-get -q update
}
