# SPDX-License-Identifier: BSD-3-Clause
# tests/package/systems.sh: the packages in use: systems in which only `apt install
# libzmqlog` was typed, and systems that are upgraded while programs run. To be sourced
# by run.

PROGRAMS="metapackage command lua ruby"
GO_PACKAGE=golang-github-libzmqlog-libzmqlog-dev

# Copies the programs of the packages' own tests to the user of ROOT.
copy_programs() { # copy_programs ROOT
    rm -rf "$1/home/$USER_NAME/tests"
    cp -r "$work/tree/packaging/debian/tests" "$1/home/$USER_NAME/tests"
    cp "$here/upgrade.sh" "$here/holder.lua" "$1/home/$USER_NAME/tests/"
}

run_programs() { # run_programs ROOT NAME...
    local root=$1 name
    shift
    for name; do
        as_user --offline "$root" "tests/$name"
    done
}

apt_in() { # apt_in ROOT ARGUMENT...: as people type it
    local root=$1
    shift
    enter "$root" apt -q -y -o Dpkg::Use-Pty=0 "$@"
}

# A machine's apt does not take a repository nobody signed.
unsigned_is_refused() { # unsigned_is_refused ROOT SUITE
    rm "$1/srv/apt/dists/$2/InRelease" "$1/srv/apt/dists/$2/Release.gpg"
    refused "signed." enter "$1" apt-get update
    add_repository "$1" "$2"
}

# shellcheck disable=SC2086
step_install() { # step_install SUITE
    local root
    root=$(fresh_root "clean-$1" "$1")
    add_repository "$root" "$1"
    unsigned_is_refused "$root" "$1"
    apt_in "$root" install libzmqlog
    copy_programs "$root"
    run_programs "$root" $PROGRAMS
    apt_in "$root" --no-install-recommends install python3
    run_programs "$root" dlopen
    apt_in "$root" install $GO_PACKAGE golang-go
    run_programs "$root" go
    hold_and_purge "$root"
}

# libzmqlog is a real package: it can be held, and leaves nothing behind.
hold_and_purge() { # hold_and_purge ROOT
    enter "$1" apt-mark hold libzmqlog
    enter "$1" apt-mark unhold libzmqlog
    apt_in "$1" --purge remove '*zmqlog*'
    [ -z "$(chroot "$1" dpkg-query -W -f '${Package} ${Status}\n' '*zmqlog*' 2>/dev/null |
        grep -v ' not-installed$')" ]
    [ -z "$(find "$1/usr" "$1/etc" -name '*zmqlog*' -not -path '*/sources.list.d/*' \
        -not -path '*/keyrings/*')" ]
}

# A system with everything of SUITE, about to be upgraded.
root_to_upgrade() { # root_to_upgrade NAME SUITE
    local root
    root=$(fresh_root "$1" "$2")
    add_repository "$root" "$2" >&2
    apt_in "$root" install libzmqlog libzmqlog-dev >&2
    copy_programs "$root"
    cp "$(linked_program "$2")" "$root/home/$USER_NAME/tests/use"
    echo "$root"
}

# A program that was linked with the library in SUITE's packages; its path.
linked_program() { # linked_program SUITE
    local root place package
    root=$(build_root "$1")
    place=$root/tmp/linked
    rm -rf "$place" && mkdir "$place"
    for package in "$work/$1"/libzmqlog1_*.deb "$work/$1"/libzmqlog-dev_*.deb; do
        dpkg-deb -x "$package" "$place"
    done
    cp "$here/use.c" "$place/"
    chroot "$root" sh -ec 'cd /tmp/linked
        cc use.c -Iusr/include -Lusr/lib/$(cc -print-multiarch) -lzmqlog -o use'
    echo "$place/use"
}

# The next version of the same suite, and an installation that stops half-way.
# shellcheck disable=SC2086
step_update() { # step_update SUITE
    local root next version
    next=$(next_packages "$1")
    root=$(root_to_upgrade "update-$1" "$1")
    packaging_of tree apt-repo --sign "$key" --output "$work/apt-next" --url file:/srv/apt \
        "$work/$1"/*.changes "$next"/*.changes >/dev/null
    add_repository "$root" "$1" "$work/apt-next"
    version=$(sed -n 's/^Version: //p' "$next"/*.changes)
    enter "$root" sh "/home/$USER_NAME/tests/upgrade.sh" "$version" \
        apt-get -q -y --only-upgrade install libzmqlog
    run_programs "$root" $PROGRAMS
    interrupted "$root"
}

# The newest packages unpacked and not configured, as when the power fails.
# shellcheck disable=SC2086
interrupted() { # interrupted ROOT
    enter "$1" sh -c 'cd /tmp && apt-get -q download libzmqlog libzmqlog1 lua-zmqlog \
        ruby-zmqlog zmqlog-tools && dpkg --unpack ./*zmqlog*.deb && rm ./*.deb'
    enter "$1" dpkg --audit | grep -q libzmqlog1
    enter "$1" dpkg --configure -a
    [ -z "$(enter "$1" dpkg --audit)" ]
    run_programs "$1" $PROGRAMS
}

# From Debian 12 to 13, all of it, while programs run.
# shellcheck disable=SC2086
step_upgrade() {
    local root version
    root=$(root_to_upgrade upgrade bookworm)
    sed -i 's/bookworm/trixie/' "$root/etc/apt/sources.list"
    add_repository "$root" trixie
    version=$(sed -n 's/^Version: //p' "$work/trixie"/*.changes)
    enter "$root" sh "/home/$USER_NAME/tests/upgrade.sh" "$version" \
        apt-get -q -y -o Dpkg::Use-Pty=0 full-upgrade
    grep -q '^VERSION_CODENAME=trixie' "$root/etc/os-release"
    run_programs "$root" $PROGRAMS
}

# Packages of one more patch version; their directory.
next_packages() { # next_packages SUITE
    local root output=$work/$1-next
    root=$(build_root "$1")
    make_next_release "$root" >&2
    rm -rf "$output"
    as_user --offline "$root" env DEB_BUILD_OPTIONS="parallel=$(nproc) nocheck nodoc" \
        zmqlog/packaging/build-deb --output next --build any >&2
    mv "$root/home/$USER_NAME/next" "$output"
    echo "$output"
}

# One more patch version, in the user's tree of ROOT.
make_next_release() { # make_next_release ROOT
    local home=$1/home/$USER_NAME version
    copy_tree "$1"
    version=$(sed -n 's/^project(zmqlog VERSION \([0-9.]*\).*/\1/p' "$home/zmqlog/CMakeLists.txt")
    next_version=${version%.*}.$((${version##*.} + 1))
    sed -i "s/^project(zmqlog VERSION [0-9.]*/project(zmqlog VERSION $next_version/" \
        "$home/zmqlog/CMakeLists.txt"
    sed -i "s/^\(#define ZMQLOG_VERSION_PATCH\) [0-9]*/\1 ${next_version##*.}/" \
        "$home/zmqlog/abi/include/zmqlog.h"
    sed -i "1s/(.*-/($next_version-/" "$home/zmqlog/packaging/debian/changelog"
    as_user "$1" git -C zmqlog -c user.name=tests -c user.email=tests@libzmqlog.example \
        commit -q -a -m "next"
}
