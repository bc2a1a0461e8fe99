# SPDX-License-Identifier: BSD-3-Clause
# tests/package/pages.sh: what a new user types, on systems that have nothing: the
# blocks of README.md and docs/releasing.md, and the lines of Containerfile. To be
# sourced by run.

# The shell blocks below a heading, in order.
typed() { # typed PAGE HEADING
    awk -v heading="$2" '
        /^```/ { if (inside) inside = 0; else if (here && $0 == "```sh") { inside = 1; next } }
        inside { print; next }
        /^#+ / { sub(/^#+ /, ""); here = $0 == heading }' "$work/tree/$1" | grep .
}

# Blocks of README, typed by root in ROOT, each in the directory that the last one left.
type_readme() { # type_readme ROOT HEADING
    typed README.md "$2" | sed 's|https://github.com/libzmqlog/libzmqlog.git|/srv/git/libzmqlog.git|' \
        >"$1/srv/typed"
    enter "$1" env DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" sh -exc \
        'cd "$(cat /srv/directory)"; . /srv/typed; pwd >/srv/directory'
}

step_readme() { # step_readme SUITE
    local root
    root=$(fresh_root "readme-$1" "$1")
    rm -rf "$root/var/lib/apt/lists" && mkdir -p "$root/var/lib/apt/lists"
    git clone -q --bare "$work/tree" "$root/srv/git/libzmqlog.git"
    echo /srv >"$root/srv/directory"
    type_readme "$root" "As packages, on Debian 12 and 13"
    not chroot "$root" dpkg-query -s zmqlog-tools
    type_readme "$root" "From source"
    not chroot "$root" test -e /usr/local/bin/zmqlog
    # In another user's clone the scripts work as well.
    chroot "$root" chown -R "$USER_NAME:$USER_NAME" /srv/libzmqlog
    enter "$root" sh -ec 'cd /srv/libzmqlog && packaging/source-tarball && packaging/quickstart 1000'
}

# What each machine types to use an apt repository: add it, install, upgrade, remove.
step_apt-lines() { # step_apt-lines SUITE
    local root
    root=$(fresh_root "apt-lines-$1" "$1")
    cp -a "$work/apt" "$root/srv/apt"
    typed docs/releasing.md "On each machine" | sed 's|https://apt.example.org/zmqlog|file:/srv/apt|' \
        >"$root/srv/typed"
    enter "$root" sh -ex /srv/typed
    [ -z "$(chroot "$root" dpkg-query -W -f '${Package} ${Status}\n' '*zmqlog*' 2>/dev/null |
        grep ' installed$')" ]
}

# The RUN lines of Containerfile, each stage in a system of its own.
step_container() {
    local one two in_image file=$work/tree/Containerfile
    one=$(fresh_root container-build bookworm)
    two=$(fresh_root container bookworm)
    cp -a "$work/tree" "$one/src"
    sed -n '/AS build$/,/^$/s/^RUN //p' "$file" >"$one/srv/typed"
    enter "$one" sh -ex /srv/typed
    sed -n '/^$/,$s/^RUN //p' "$file" >"$two/srv/typed"
    cp -a "$one/out/usr/local/." "$two/usr/local/"
    in_image=(env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
    enter "$two" "${in_image[@]}" sh -ex /srv/typed
    enter --offline "$two" "${in_image[@]}" setpriv --reuid nobody zmqlog send --bind tcp://127.0.0.1:5556 hello
}
