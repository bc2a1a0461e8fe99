# SPDX-License-Identifier: BSD-3-Clause
# tests/package/packages.sh: from a commit to packages without a complaint of Debian's
# own tools. To be sourced by run; $work/tree is the commit, $work/SUITE is where the
# packages of SUITE end up.

step_tarball() {
    local one two
    git clone -q "$work/tree" "$work/clone"
    one=$(packaging_of tree source-tarball --output "$work/one" | tail -n 1)
    two=$(cd / && umask 077 && TZ=Asia/Tokyo LC_ALL=C packaging_of clone source-tarball --output "$work/two" | tail -n 1)
    cmp "$one" "$two"
    (cd "$work/one" && sha256sum --check ./*.sha256)
    tar -tzf "$one" | sed -n '1p' | grep -qx 'zmqlog-[0-9.]*/'
    : >"$work/tree/new-file"
    refused "not committed" packaging_of tree source-tarball --output "$work/none"
    [ ! -e "$work/none" ]
    rm "$work/tree/new-file"
    echo ": $(basename "$one"), $(stat -c %s "$one") bytes"
}

packaging_of() { # packaging_of TREE SCRIPT ARGUMENT...
    local tree=$work/$1
    shift
    "$tree/packaging/$1" "${@:2}"
}

# What build-deb says no to, on this machine; nothing is left behind.
step_refusals() {
    local none=$work/none
    refused "no packages for suite sid" packaging_of tree build-deb --suite sid --output "$none"
    refused "this system is $machine" packaging_of tree build-deb --suite "$others" --output "$none"
    refused "unknown argument: --quick" packaging_of tree build-deb --quick
    refused "--output needs a value" packaging_of tree build-deb --output
    refused "--build everything" packaging_of tree build-deb --build everything
    echo "/* changed */" >>"$work/tree/core/base/status.c"
    refused "core/base/status.c" packaging_of tree build-deb --output "$none"
    git -C "$work/tree" checkout -q core/base/status.c
    : >"$work/tree/forgotten.c"
    refused "forgotten.c" packaging_of tree build-deb --output "$none"
    rm "$work/tree/forgotten.c"
    cp -r "$work/tree/packaging" "$work/elsewhere-packaging"
    mkdir "$work/elsewhere" && mv "$work/elsewhere-packaging" "$work/elsewhere/packaging"
    refused "not a git checkout" "$work/elsewhere/packaging/source-tarball" --output "$none"
    [ ! -e "$none" ]
}

step_repository-refusals() {
    local none=$work/none-apt
    refused "not signed" packaging_of tree apt-repo --output "$none" /dev/null
    refused "no secret key nobody" packaging_of tree apt-repo --sign nobody --output "$none" x.changes
    refused "no .changes file given" packaging_of tree apt-repo --sign "$key" --output "$none"
    refused "no such file" packaging_of tree apt-repo --sign "$key" --output "$none" "$work/x.changes"
    refused "is no .changes file" packaging_of tree apt-repo --sign "$key" --output "$none" "$work/tree/README.md"
    refused "is no repository" packaging_of tree apt-repo --sign "$key" --output /etc "$work/tree/README.md"
    [ ! -e "$none" ]
}

# A system with what the packages are built with; made again when that changes.
build_root() { # build_root SUITE [ARCHITECTURE]
    local suite=$1 arch=${2:-$(dpkg --print-architecture)} root wanted
    root=$cache/roots/build-$suite-$arch
    wanted=$(sha256sum "$work/tree/packaging/debian/control" "$here/packages.sh" | sha256sum)
    if [ "$(cat "$root/.built-for" 2>/dev/null)" != "$wanted" ]; then
        fresh_root "build-$suite-$arch" "$suite" "$arch" >/dev/null
        install_in "$root" build-essential debhelper dpkg-dev git lintian >&2
        without_dependencies "$root" "$arch" >&2
        install_dependencies "$root" >&2
        echo "$wanted" >"$root/.built-for"
    fi
    echo "$root"
}

install_dependencies() { # install_dependencies ROOT: what the packages are built with
    rm -rf "$1/tmp/x" && mkdir -p "$1/tmp/x"
    cp -r "$work/tree/packaging/debian" "$1/tmp/x/"
    sed -i 's/@STANDARDS_VERSION@/4.6.2/; s|@HOMEPAGE@|http://localhost|' "$1/tmp/x/debian/control"
    enter "$1" apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends build-dep /tmp/x
}

# In a system that lacks build dependencies build-deb names them and leaves nothing.
without_dependencies() { # without_dependencies ROOT ARCHITECTURE
    copy_tree "$1"
    refused "apt-get install" as_user "$1" zmqlog/packaging/build-deb --output dist
    refused "libzmq3-dev" as_user "$1" zmqlog/packaging/build-deb --output dist
    [ ! -e "$1/home/$USER_NAME/dist" ]
}

copy_tree() { # copy_tree ROOT
    rm -rf "$1/home/$USER_NAME/zmqlog"
    git clone -q "$work/tree" "$1/home/$USER_NAME/zmqlog"
    chroot "$1" chown -R "$USER_NAME:$USER_NAME" "/home/$USER_NAME/zmqlog"
}

# build_in ROOT OPTIONS ARGUMENT...: build-deb as a user, without network.
build_in() {
    local root=$1 options=$2
    shift 2
    copy_tree "$root"
    rm -rf "$root/home/$USER_NAME/dist"
    as_user --offline "$root" env DEB_BUILD_OPTIONS="parallel=$(nproc) $options" \
        DEB_BUILD_PROFILES="${profiles-}" zmqlog/packaging/build-deb --output dist "$@"
    # Nothing is left in the tree that was built.
    [ -z "$(as_user "$root" git -C zmqlog status --porcelain)" ]
}

step_packages() { # step_packages SUITE
    local suite=$1 root options='' output version
    # In the quick form the build skips the tests, because tests/run runs them anyway.
    [ -n "$full" ] || options=nocheck
    root=$(build_root "$suite")
    build_in "$root" "$options" --suite "$suite" | tee "$work/said"
    output=$work/$suite
    rm -rf "$output"
    cp -r "$root/home/$USER_NAME/dist" "$output"
    # The last line is the path of the .changes file.
    [ -f "$output/$(basename "$(tail -n 1 "$work/said")")" ]
    version=$(sed -n 's/^Version: //p' "$output"/*.changes)
    [[ $version == *-1~deb1[23]u1 ]]
    grep -qx "Distribution: $suite" "$output"/*.changes
    for package in $(sed -n 's/^Package: //p' "$work/tree/packaging/debian/control"); do
        [ -n "$(find "$output" -name "${package}_*.deb")" ] || { echo "no $package" && return 1; }
    done
    tools_alone "$output"
    echo ": $version, $(find "$output" -name '*.deb' -not -name '*dbgsym*' | wc -l) packages"
}

# The engines' libraries are the command's; their examples come with it.
tools_alone() { # tools_alone DIRECTORY
    local deb needs files
    for deb in "$1"/*.deb; do
        needs=$(dpkg-deb --field "$deb" Package Depends | grep -oE 'lib(nats|zstd|pcre2)[^ ,]*' |
            tr '\n' ' ') || true
        case ${deb##*/} in
        zmqlog-tools_*)
            [[ $needs == *libnats* && $needs == *libpcre2* && $needs == *libzstd* ]]
            files=$(dpkg-deb --contents "$deb")
            grep -q ' \./etc/lnav/formats/zmqlog/zmqlog\.json$' <<<"$files"
            grep -q ' \./usr/share/doc/zmqlog-tools/examples/rsyslog/zmqlog-zmq\.conf$' <<<"$files"
            ;;
        *) [ -z "$needs" ] || { echo "${deb##*/} needs $needs" && return 1; } ;;
        esac
    done
}

step_lintian() { # step_lintian SUITE
    local root said
    root=$(build_root "$1")
    rm -rf "$root/tmp/packages" && cp -r "$work/$1" "$root/tmp/packages"
    chroot "$root" chown -R "$USER_NAME" /tmp/packages
    said=$(as_user "$root" sh -c 'cd /tmp/packages && lintian -EI --pedantic *.changes') || true
    echo "$said"
    [ -z "$said" ]
}

step_repository() { # step_repository SUITE
    local repository=$work/apt
    packaging_of tree apt-repo --sign "$key" --output "$repository" --url file:/srv/apt \
        "$work/$1"/*.changes
    # Adding the same again changes nothing; other contents are refused.
    packaging_of tree apt-repo --sign "$key" --output "$repository" --url file:/srv/apt \
        "$work/$1"/*.changes >/dev/null
    different_contents "$1"
    gpg --batch --verify "$repository/dists/$1/InRelease"
    gpg --batch --verify "$repository/dists/$1/Release.gpg" "$repository/dists/$1/Release"
}

# The same version with other bytes, as a later build would have.
different_contents() { # different_contents SUITE
    local other=$work/other deb old sum
    rm -rf "$other" && cp -r "$work/$1" "$other"
    deb=$(cd "$other" && ls libzmqlog_*.deb)
    old=$(sha256sum "$other/$deb" | cut -d' ' -f1)
    printf '\n' >>"$other/$deb"
    refused "were changed" packaging_of tree apt-repo --sign "$key" --output "$work/apt" "$other"/*.changes
    sum=$(sha256sum "$other/$deb" | cut -d' ' -f1)
    sed -i "s/$old/$sum/" "$other"/*.changes
    refused "with other contents" packaging_of tree apt-repo --sign "$key" --output "$work/apt" "$other"/*.changes
    rm -r "$other"
}
