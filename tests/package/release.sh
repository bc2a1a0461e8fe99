#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# release.sh TREE: what packaging/release refuses and what it changes, in a clone that
# may be spoilt. For Debian 12, amd64.
set -euo pipefail
cd "$1"
export GIT_AUTHOR_NAME=tests GIT_AUTHOR_EMAIL=tests@libzmqlog.example
export GIT_COMMITTER_NAME=tests GIT_COMMITTER_EMAIL=tests@libzmqlog.example
version=$(sed -n 's/^project(zmqlog VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
major=${version%%.*}
patched=${version%.*}.$((${version##*.} + 1))

refused() { # refused WORDS ARGUMENT...: and nothing has changed
    local words=$1 said before
    shift
    before=$(git status --porcelain)
    if said=$(packaging/release "$@" 2>&1); then
        echo "not refused: $*" && exit 1
    fi
    grep -qF -- "$words" <<<"$said" || { echo "expected \"$words\": $said" && exit 1; }
    [ "$(git status --porcelain)" = "$before" ] || { echo "half-done: $*" && exit 1; }
}

says() { # says FILE LINE: a part of a line of the file
    grep -qF -- "$2" "$1" || { echo "$1 does not say $2" && exit 1; }
}

refused "which version"
refused "is no version such as" "$major.0"
refused "is no version such as" "v$patched"
sed -i '/^## Unreleased$/d' docs/changelog.md
git diff --quiet || git commit -q -a -m "nothing to release"
refused "has no section" 99.0.0
echo "/* changed */" >>core/base/status.c
refused "not committed" "$patched"
git checkout -q core/base/status.c
git tag "v$version"
refused "has been released" "$version"
refused "does not come after" 0.0.1

sed -i "0,/^## /s//## Unreleased\n\n- Something.\n\n## /" docs/changelog.md
git commit -q -a -m "more"
packaging/release "$patched"
says CMakeLists.txt "project(zmqlog VERSION $patched "
says abi/include/zmqlog.h "#define ZMQLOG_VERSION_PATCH ${patched##*.} "
says bindings/ruby/lib/zmqlog/version.rb "\"$patched\""
says packaging/debian/changelog "zmqlog ($patched-1) "
says packaging/debian/changelog "zmqlog ($version-1) "
says docs/changelog.md "## $patched"
git commit -q -a -m "release: $patched"
git tag "v$patched"

# One function more needs a new minor version.
sed -i 's/^    zmqlog_constant;/    zmqlog_again;\n&/' abi/libzmqlog.map
sed -i 's/^ZMQLOG_API uint32_t zmqlog_version(void);/&\n\n\/** Again. Since: 1.1 *\/\nZMQLOG_API int zmqlog_again(void);/' abi/include/zmqlog.h
printf '\nint zmqlog_again(void);\nint zmqlog_again(void) {\n    return 1;\n}\n' >>core/library.c
sed -i "0,/^## /s//## Unreleased\n\n- A function.\n\n## /" docs/changelog.md
git commit -q -a -m "one more"
refused "functions were added since $patched" "${patched%.*}.$((${patched##*.} + 1))"
git reset -q --hard "v$patched"

# A function with other arguments needs a new SONAME.
sed -i 's/zmqlog_has(const char \*feature)/zmqlog_has(const char *feature, int64_t really)/' \
    abi/include/zmqlog.h core/*.c core/*/*.c
sed -i "0,/^## /s//## Unreleased\n\n- Another function.\n\n## /" docs/changelog.md
git commit -q -a -m "break"
refused "the ABI broke" "$major.1.0"
refused "the ABI broke" "$((major + 1)).0.0"
number=$(sed -n 's/^set(ZMQLOG_SOVERSION \([0-9]*\))$/\1/p' CMakeLists.txt)
sed -i "s/^set(ZMQLOG_SOVERSION .*/set(ZMQLOG_SOVERSION $((number + 1)))/" CMakeLists.txt
git commit -q -a -m "another SONAME"
refused "a new SONAME needs a new major version" "$major.1.0"
packaging/release "$((major + 1)).0.0"
says packaging/debian/control "Package: libzmqlog$((number + 1))"
says "packaging/debian/libzmqlog$((number + 1)).symbols" "libzmqlog.so.$((number + 1)) "
says "packaging/debian/libzmqlog$((number + 1)).install" "libzmqlog.so.$((number + 1))"
says abi/libzmqlog.abi "soname='libzmqlog.so.$((number + 1))'"
echo "released $patched and $((major + 1)).0.0"
