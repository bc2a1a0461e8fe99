#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_exports.sh HEADER MAP SHARED [STATIC]: what the header declares, what the
# version script lists and what the library exports are one set, each symbol under
# the node that lists it; and the static library defines no name but zmqlog_ and
# zl_ ones.
set -eu
header=$1 map=$2 shared=$3 static=${4:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The marker becomes "@"; the first name before a parenthesis behind it counts.
${CC:-cc} -E -P -D'ZMQLOG_API=@' "$header" | tr '\n@' ' \n' |
    sed -n 's/^[^;{(]*[ *]\(zmqlog_[a-z0-9_]*\) *(.*/\1/p' | sort >"$work/header"

# "symbol node" for each global of each node.
${CC:-cc} -E -P -x c "$map" | awk '
    /^[A-Z]+_[0-9.]+ *\{/ { node = $1; global = 0 }
    /global:/ { global = 1; sub(/.*global:/, "") }
    /local:/ || /^}/ { global = 0 }
    global { gsub(/[;{ ]+/, "\n"); n = split($0, names, "\n")
             for (i = 1; i <= n; i++) if (names[i] != "") print names[i], node }
' | sort >"$work/map_nodes"
cut -d' ' -f1 "$work/map_nodes" >"$work/map"

nm -D --defined-only --with-symbol-versions "$shared" |
    awk '$2 != "A" { sub(/@@?/, " ", $3); print $3 }' | sort >"$work/shared_nodes"
cut -d' ' -f1 "$work/shared_nodes" >"$work/shared"

failed=0
same() { # same WHAT FILE WHAT FILE
    if ! cmp -s "$work/$2" "$work/$4"; then
        failed=1
        comm -23 "$work/$2" "$work/$4" | sed "s/^/in $1, not in $3: /"
        comm -13 "$work/$2" "$work/$4" | sed "s/^/in $3, not in $1: /"
    fi
}
for list in header map shared; do
    if [ ! -s "$work/$list" ] || [ -n "$(uniq -d "$work/$list")" ]; then
        echo "$list: empty, or a name twice:" && uniq -d "$work/$list"
        failed=1
    fi
done
same "the header" header "the map" map
same "the map" map "the library" shared
same "the map (with nodes)" map_nodes "the library (with nodes)" shared_nodes

if [ -n "$static" ]; then
    # The compiler's own helpers on 32-bit x86 are hidden and may be there.
    nm -g --defined-only "$static" |
        awk 'NF == 3 && $3 !~ /^(zmqlog|zl)_/ && $3 !~ /^__x86\.get_pc_thunk\./ { print "foreign name in the static library: " $3; bad = 1 }
             END { exit bad }' || failed=1
fi
[ $failed -ne 0 ] || echo "$(wc -l <"$work/header") functions"
exit $failed
