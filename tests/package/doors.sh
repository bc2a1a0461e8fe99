# SPDX-License-Identifier: BSD-3-Clause
# tests/package/doors.sh: what only the full form does: the packages' own tests,
# builds of other kinds, another processor, the library's tests where libzmq and the
# compiler are newer, releases. To be sourced by run.

full_steps() {
    step update "$machine"
    step upgrade
    step release
    step variants "$machine"
    step autopkgtest bookworm
    step autopkgtest trixie
    step library trixie
    step i386 "$machine"
    step rebuild "$machine"
}

# The packages' own tests, with the network off.
step_autopkgtest() { # step_autopkgtest SUITE
    local root depends
    root=$(fresh_root "autopkgtest-$1" "$1")
    add_repository "$root" "$1"
    depends=$(sed -n 's/^Depends: //p' "$work/tree/packaging/debian/tests/control" | tr ',\n' '  ')
    # shellcheck disable=SC2086
    install_in "$root" autopkgtest apt-utils dpkg-dev $depends
    rm -rf "$root/tmp/source" && mkdir "$root/tmp/source"
    dpkg-source --no-check -x "$work/$1"/*.dsc "$root/tmp/source/tree" >/dev/null
    enter --offline "$root" autopkgtest -B /tmp/source/tree -- null | tee "$work/said"
    echo ": $(grep -c ' PASS$' "$work/said") tests pass"
}

# Builds of a part, and without tests or documentation.
step_variants() { # step_variants SUITE
    local root all any
    root=$(build_root "$1")
    build_in "$root" nocheck --build all
    all=$(packages_in "$root")
    build_in "$root" nocheck --build any
    any=$(packages_in "$root")
    grep -q ' libzmqlog-doc ' <<<" $all "
    ! grep -q ' libzmqlog1 ' <<<" $all "
    grep -q ' libzmqlog1 ' <<<" $any "
    ! grep -q ' libzmqlog-doc ' <<<" $any "
    without_tests_and_documents "$root"
    profiles="nocheck nodoc" build_in "$root" "nocheck nodoc" --build binary
    any=$(packages_in "$root")
    grep -q ' ruby-zmqlog ' <<<" $any "
    ! grep -q ' libzmqlog-doc ' <<<" $any "
}

packages_in() { # packages_in ROOT: what is in the user's dist
    (cd "$1/home/$USER_NAME/dist" && find . -name '*.deb' -printf '%f\n') | sed 's/_.*//' |
        grep -v dbgsym | sort | tr '\n' ' '
}

# What <!nocheck> and <!nodoc> promise: that nothing of it is needed.
without_tests_and_documents() { # without_tests_and_documents ROOT
    local pieces
    pieces=$(sed -n 's/^ *\(Build-Depends: *\)\{0,1\}\([a-z0-9.-]*\)[:a-z]* .*<!no\(check\|doc\)>.*/\2/p' \
        "$work/tree/packaging/debian/control" | grep -v '^python3$')
    # shellcheck disable=SC2086
    enter "$1" apt-get -q -y -o Dpkg::Use-Pty=0 remove $pieces
    rm "$1/.built-for"
}

# The library's and the command's tests with this suite's libzmq and compiler.
step_library() { # step_library SUITE
    local root
    root=$(build_root "$1")
    copy_tree "$root"
    as_user --offline "$root" sh -ec '
        cmake -S zmqlog -B build -DCMAKE_BUILD_TYPE=RelWithDebInfo -DZMQLOG_WERROR=ON
        cmake --build build -j "$(nproc)"
        ctest --test-dir build --output-on-failure -j "$(nproc)" -R "^(unit|api)/|/golden$"
        ctest --test-dir build --output-on-failure -L fault' | tee "$work/said"
    rm -rf "$root/home/$USER_NAME/build"
    echo ": $(sed -n 's/.*tests passed.* out of \([0-9]*\)/\1/p' "$work/said" | xargs) tests with libzmq $(
        chroot "$root" dpkg-query -W -f '${source:Upstream-Version}' libzmq5), gcc $(
        chroot "$root" gcc -dumpfullversion)"
}

# 32 bits, where 64-bit atomics and times are not what they are elsewhere.
step_i386() { # step_i386 SUITE
    local root
    [ "$(dpkg --print-architecture)" = amd64 ] || { echo ": not here" && return 0; }
    root=$(build_root "$1" i386)
    build_in "$root" '' --suite "$1" --build any | tee "$work/said"
    grep -q 'tests passed, 0 tests failed' "$work/said"
    [ -n "$(find "$root/home/$USER_NAME/dist" -name 'libzmqlog1_*_i386.deb')" ]
}

# Another directory, time zone, locale, umask and user: the same packages.
step_rebuild() { # step_rebuild SUITE
    local root home=/home/$USER_NAME/elsewhere/deeper/down package
    root=$(build_root "$1")
    copy_tree "$root"
    rm -rf "$root/home/$USER_NAME/elsewhere"
    as_user --offline "$root" sh -ec 'mkdir -p "$1/tmp" && cp -a zmqlog "$1/"
        umask 077
        cd / && LC_ALL=C.UTF-8 TZ=Pacific/Kiritimati TMPDIR=$1/tmp \
            DEB_BUILD_OPTIONS="parallel=2 nocheck" \
            "$1/zmqlog/packaging/build-deb" --output "$1/dist"' sh "$home"
    for package in "$root$home"/dist/*.deb; do
        cmp "$package" "$work/$1/$(basename "$package")"
    done
    cmp "$root$home"/dist/*.orig.tar.gz "$work/$1"/*.orig.tar.gz
    echo ": $(find "$root$home/dist" -name '*.deb' | wc -l) packages are the same"
}

step_release() {
    local root
    root=$(build_root bookworm)
    install_in "$root" abigail-tools
    copy_tree "$root"
    cp "$here/release.sh" "$root/home/$USER_NAME/release.sh"
    as_user --offline "$root" ./release.sh zmqlog | tee "$work/said"
    echo ": $(tail -n 1 "$work/said")"
}
