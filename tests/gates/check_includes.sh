#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_includes.sh ROOT: no file reaches a header that tests/gates/includes.rules
# forbids, neither directly nor through another header.
set -eu
root=$1
rules=$root/tests/gates/includes.rules
cd "$root"
list=$(mktemp)
trap 'rm -f "$list"' EXIT

# "file NAME" for each source, then "edge NAME < or \" INCLUDED" for each #include.
edges() {
    find abi/include core bindings/shell docs/examples packaging tests/api tests/package \
        tests/support tests/unit -name '*.[ch]' 2>/dev/null >"$list"
    sed 's/^/file /' "$list"
    xargs grep -HE '^[[:space:]]*#[[:space:]]*include' <"$list" |
        sed -n 's/^\([^:]*\):[^<"]*\([<"]\)\([^>"]*\).*/edge \1 \2 \3/p'
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
# Where a compiler would find what is in quotes; everything else keeps its name.
function place(file, kind, name,    dir) {
    dir = file; sub(/[^\/]*$/, "", dir)
    if (kind == "\"" && (dir name) in files) return dir name
    if (file ~ /^bindings\/shell\// && ("bindings/shell/" name) in files)
        return "bindings/shell/" name
    if (name == "zmqlog.h") return "abi/include/zmqlog.h"
    if (kind == "\"" && ("core/" name) in files) return "core/" name
    if (kind == "\"" && ("tests/support/" name) in files) return "tests/support/" name
    return name
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
$1 == "edge" { edges[$2] = edges[$2] " " place($2, $3, $4) }
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
