#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_includes.sh ROOT: nobody sees more than tests/gates/includes.rules permits,
# neither directly nor through a header.
set -eu
root=$1
rules=$root/tests/gates/includes.rules
cd "$root"

# "file <name>" for each source, "edge file included" for each #include of it;
# names in quotes are looked up where a compiler would, others stay as they are.
edges() {
    find abi/include core bindings/shell docs/examples packaging tests/api tests/package tests/unit \
        -name '*.[ch]' 2>/dev/null | while read -r file; do
        echo "file $file"
        dir=$(dirname "$file")
        sed -n 's/^[ \t]*#[ \t]*include[ \t]*\([<"]\)\([^>"]*\)[>"].*/\1 \2/p' "$file" |
            while read -r kind name; do
                target=$name
                for place in "$dir" abi/include core tests/support; do
                    if [ -f "$place/$name" ] && { [ "$kind" = '"' ] || [ "$name" = zmqlog.h ]; }; then
                        target=$place/$name
                        break
                    fi
                done
                echo "edge $file $target"
            done
    done
}

edges | awk -v rules="$rules" '
function pattern(glob) {
    gsub(/\./, "\\.", glob); gsub(/\*/, "[^/]*", glob)
    return "^(" glob ")$"
}
# Whether a name matches a list of globs; "!glob" takes away again.
function matches(name, list,    items, n, i, yes) {
    n = split(list, items, " ")
    for (i = 1; i <= n; i++)
        if (items[i] ~ /^!/) { if (name ~ pattern(substr(items[i], 2))) yes = 0 }
        else if (name ~ pattern(items[i])) yes = 1
    return yes
}
function reach(file, chain,    targets, n, i) {
    if (file in seen) return
    seen[file] = chain
    n = split(edges[file], targets, " ")
    for (i = 1; i <= n; i++) reach(targets[i], chain " -> " targets[i])
}
BEGIN {
    while ((getline line < rules) > 0) {
        if (line ~ /^[ \t]*(#|$)/) continue
        if (split(line, parts, /[ \t]*\|[ \t]*/) != 3) {
            print rules ": not three parts: " line; bad = 1
        }
        count++; who[count] = parts[1]; what[count] = parts[2]; why[count] = parts[3]
    }
    if (!count) { print rules ": no rules"; bad = 1 }
}
$1 == "file" { files[$2] = 1 }
$1 == "edge" { edges[$2] = edges[$2] " " $3 }
END {
    for (file in files) {
        split("", seen); reach(file, file); nfiles++
        for (r = 1; r <= count; r++) {
            if (!matches(file, who[r])) continue
            used[r] = 1
            for (name in seen)
                if (name != file && matches(name, what[r])) {
                    print seen[name] "\n    but: " why[r]; bad = 1
                }
        }
    }
    for (r = 1; r <= count; r++)
        if (!used[r]) { print "no file is subject to: " who[r] " | " what[r]; bad = 1 }
    if (!bad) print nfiles " files, " count " rules"
    exit bad
}'
