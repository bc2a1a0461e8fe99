# SPDX-License-Identifier: BSD-3-Clause
# tests/package/systems.sh: what is built, in use: new systems in which only
# `apt install libzmqlog` was typed, and systems that are upgraded. To be sourced by
# run.

# The programs the packages' own tests consist of, for the user of ROOT.
copy_programs() { # copy_programs ROOT
    rm -rf "$1/home/$USER_NAME/tests"
    cp -r "$work/tree/packaging/debian/tests" "$1/home/$USER_NAME/tests"
}

# A machine's apt does not take a repository nobody signed.
unsigned_is_refused() { # unsigned_is_refused ROOT SUITE
    rm "$1/srv/apt/dists/$2/InRelease" "$1/srv/apt/dists/$2/Release.gpg"
    refused "not signed" enter "$1" apt-get update
    add_repository "$1" "$2"
}

step_install() { # step_install SUITE
    local root
    root=$(fresh_root "clean-$1" "$1")
    add_repository "$root" "$1"
    unsigned_is_refused "$root" "$1"
    enter "$root" apt -q -y install libzmqlog
    copy_programs "$root"
    for program in metapackage command lua ruby; do
        as_user --offline "$root" "tests/$program"
    done
    enter "$root" apt -q -y --no-install-recommends install python3-minimal
    as_user --offline "$root" tests/dlopen
    enter "$root" apt -q -y install golang-github-libzmqlog-libzmqlog-dev golang-go
    as_user --offline "$root" tests/go
    held_and_removed "$root"
}

# libzmqlog is a real package: it can be held, and leaves nothing behind.
held_and_removed() { # held_and_removed ROOT
    enter "$1" apt-mark hold libzmqlog
    enter "$1" apt-mark unhold libzmqlog
    enter "$1" apt -q -y --purge remove '*zmqlog*'
    [ -z "$(chroot "$1" dpkg-query -W -f '${Package} ${Status}\n' '*zmqlog*' 2>/dev/null | grep -v ' not-installed$')" ]
    [ -z "$(find "$1/usr" "$1/etc" -name '*zmqlog*' -not -path '*/sources.list.d/*' -not -path '*/keyrings/*')" ]
}
