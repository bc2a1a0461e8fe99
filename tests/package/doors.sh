# SPDX-License-Identifier: BSD-3-Clause
# tests/package/doors.sh: what only the full form does: the packages' own tests,
# builds of other kinds, another processor, the library's tests where libzmq and the
# compiler are newer, releases. To be sourced by run.

# Steps that remove something from the system that packages are built in come last.
full_steps() {
    step update "$machine"
    step upgrade
    step readme "$machine"
    step units "$machine"
    step container
    step release
    step autopkgtest bookworm
    step autopkgtest trixie
    step library trixie
    step i386 "$machine"
    step piuparts "$machine"
    step reprotest "$machine"
    step variants "$machine"
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
    local root there
    root=$(build_root "$1")
    build_in "$root" nocheck --build all
    there=$(packages_in "$root")
    grep -q ' libzmqlog-doc ' <<<" $there "
    not grep -q ' libzmqlog1 ' <<<" $there "
    without_tests_and_documents "$root"
    profiles="nocheck nodoc" build_in "$root" "nocheck nodoc" --build any
    there=$(packages_in "$root")
    grep -q ' libzmqlog1 ' <<<" $there "
    grep -q ' ruby-zmqlog ' <<<" $there "
    not grep -q ' libzmqlog-doc ' <<<" $there "
}

packages_in() { # packages_in ROOT: what is in the user's dist
    (cd "$1/home/$USER_NAME/dist" && find . -name '*.deb' -printf '%f\n') | sed 's/_.*//' |
        grep -v dbgsym | sort | tr '\n' ' '
}

# <!nocheck> and <!nodoc> promise that the build does not need these packages. Packages
# that others depend on stay.
without_tests_and_documents() { # without_tests_and_documents ROOT
    local pieces
    pieces=$(sed -n 's/^ *\(Build-Depends: *\)\{0,1\}\([a-z0-9.-]*\)[:a-z]* .*<!no\(check\|doc\)>.*/\2/p' \
        "$work/tree/packaging/debian/control")
    rm "$1/.built-for"
    # shellcheck disable=SC2086
    enter "$1" apt-mark auto $pieces
    enter "$1" apt-get -q -y -o Dpkg::Use-Pty=0 -o APT::AutoRemove::RecommendsImportant=false \
        -o APT::AutoRemove::SuggestsImportant=false autoremove
    for piece in golang-any libcmocka-dev luajit; do
        not grep -q ' installed$' <(chroot "$1" dpkg-query -W -f '${Status}\n' $piece)
    done
}

# The library's tests, and those of Ruby and Go, with this suite's libzmq, compiler and
# interpreters. Debian 13's are the first with ActiveSupport's BroadcastLogger and with
# Go's slog.
step_library() { # step_library SUITE
    local root said=$work/said
    root=$(build_root "$1")
    install_in "$root" golang-go puma ruby-activesupport ruby-ffi-rzmq ruby-minitest
    copy_tree "$root"
    rm -rf "$root/home/$USER_NAME/build"
    as_user --offline "$root" sh -ec '
        ruby -e "require %q(active_support); require %q(active_support/broadcast_logger)"
        cmake -S zmqlog -B build -DCMAKE_BUILD_TYPE=RelWithDebInfo -DZMQLOG_WERROR=ON
        cmake --build build -j "$(nproc)"
        ctest --test-dir build --output-on-failure -j "$(nproc)" \
            -R "^(unit|api)/|/golden$|^interop/(surprises|format_oracle)$"
        ctest --test-dir build --output-on-failure -L fault
        ctest --test-dir build --output-on-failure -L "^(ruby|go)$" -E "^go/(cgocheck|race)$"
        cd zmqlog/bindings/go && ../../tests/go/with ~/zmqlog/abi/include ~/build ~/build/go \
            go test -list Slog . | sed "s/^/slog: /"' | tee "$said"
    # Tests skip what a system lacks; this system lacks nothing.
    not grep -q '\*\*\*Skipped' "$said"
    grep -q '^slog: TestSlog_keeps_the_contract_of_handlers$' "$said"
    rm -rf "$root/home/$USER_NAME/build"
    echo ": $(sed -n 's/.*tests passed.* out of \([0-9]*\)/\1/p' "$said" | xargs) tests with libzmq $(
        version_of libzmq5), gcc $(chroot "$root" gcc -dumpfullversion), ActiveSupport $(
        version_of ruby-activesupport), Go $(version_of golang-go)"
}

version_of() { # version_of PACKAGE: in the root at hand, without what Debian adds
    chroot "$root" dpkg-query -W -f '${Version}' "$1" | sed 's/^[0-9]*://; s/[-~+].*//'
}

# 32 bits, where 64-bit atomics and times differ. Builds only what depends on the
# processor.
step_i386() { # step_i386 SUITE
    local root there
    [ "$(dpkg --print-architecture)" = amd64 ] || { echo ": not here" && return 0; }
    root=$(build_root "$1" i386)
    build_in "$root" '' --suite "$1" --build any | tee "$work/said"
    grep -q 'tests passed, 0 tests failed' "$work/said"
    [ -n "$(find "$root/home/$USER_NAME/dist" -name 'libzmqlog1_*_i386.deb')" ]
    there=$(packages_in "$root")
    not grep -q ' libzmqlog-doc ' <<<" $there "
    echo ": $(sed -n 's/.*tests passed.* out of \([0-9]*\)/\1/p' "$work/said") tests"
}

# Each package comes and goes twice and leaves the system as it was.
step_piuparts() { # step_piuparts SUITE
    local root
    root=$(fresh_root "piuparts-$1" "$1")
    install_in "$root" piuparts
    mkdir "$root/tmp/base"
    tar -C "$root/tmp/base" -xf "$(base "$1")"
    add_repository "$root/tmp/base" "$1"
    # shellcheck disable=SC2046
    enter "$root" piuparts --existing-chroot /tmp/base --distribution "$1" --keep-sources-list \
        --no-eatmydata --install-purge-install --apt \
        $(sed -n 's/^Package: //p' "$work/tree/packaging/debian/control") | tee "$work/said"
    grep -q 'PASS: All tests' "$work/said"
    rm -rf "$root/tmp/base"
}

# Another directory, home, time, time zone, locale, path, umask and kernel: the packages
# are the same, byte for byte, as those that were built for the repository. Not varied:
# the user and the host, which need sudo, and the order of files, which needs FUSE.
step_reprotest() { # step_reprotest SUITE
    local root source=tmp/source said=$work/said
    root=$(build_root "$1")
    install_in "$root" faketime reprotest
    rm -rf "$root/$source" && mkdir "$root/$source"
    dpkg-source --no-check -x "$work/$1"/*.dsc "$root/$source/zmqlog" >/dev/null
    enter --offline "$root" env DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" \
        reprotest --no-diffoscope --min-cpus=99999 -s "/$source/zmqlog" \
        --vary=-user_group,-domain_host,-fileordering,time.faketimes=+400days \
        'dpkg-buildpackage -b --no-sign' '../*.deb' -- null | tee "$said"
    grep -qx 'Reproduction successful' "$said"
    sed -n 's,^\([0-9a-f]\{64\}\)  \./\.\./,\1  ,p' "$said" >"$work/sums"
    [ "$(wc -l <"$work/sums")" -eq "$(find "$work/$1" -name '*.deb' | wc -l)" ]
    (cd "$work/$1" && sha256sum --check --quiet "$work/sums")
    echo ": $(wc -l <"$work/sums") packages are the same"
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
