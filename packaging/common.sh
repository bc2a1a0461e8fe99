# SPDX-License-Identifier: BSD-3-Clause
# packaging/common.sh: what the scripts beside it share. To be sourced by bash; goes
# to the top of the tree, $top, and remembers where the caller was, $here.
set -euo pipefail
export LC_ALL=C.UTF-8
program=${0##*/}
script=$(realpath "$0")
here=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."
top=$PWD

fail() {
    echo "$program: $*" >&2
    exit 1
}

# The comment at the script's head is its manual.
usage() {
    sed -n '3,/^[^#]/{/^#/{s/^# \{0,1\}//p}}' "$script"
}

need_value() { # need_value "$@", where $1 is an option
    [ -n "${2-}" ] || fail "$1 needs a value (see --help)"
}

# A path as the caller meant it.
from_here() {
    (cd "$here" && realpath -m "$1")
}

project_version() {
    local version
    version=$(sed -n 's/^project(zmqlog VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
    [ -n "$version" ] || fail "no project(VERSION) in CMakeLists.txt"
    echo "$version"
}

project_homepage() {
    local url
    url=$(sed -n 's/.*HOMEPAGE_URL "\([^"]*\)".*/\1/p' CMakeLists.txt)
    [ -n "$url" ] || fail "no HOMEPAGE_URL in CMakeLists.txt"
    echo "$url"
}

# git refuses the clone of another user, but root can work in one. This writes nothing
# there, so root comes to own nothing of that user's.
git_here() {
    git --no-optional-locks -c safe.directory="$top" "$@"
}

# Whatever is built is built from a commit, so that it can be built again.
require_clean_tree() {
    local changes
    command -v git >/dev/null || fail "git is missing: apt-get install git"
    [ "$(git_here rev-parse --show-toplevel 2>/dev/null)" = "$top" ] ||
        fail "$top is not a git checkout; what is packaged is a commit"
    changes=$(git_here status --porcelain)
    [ -z "$changes" ] || fail "there are changes that are not committed:
$changes"
}
