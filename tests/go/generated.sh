#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# generated.sh PACKAGE: what is checked in is what SWIG makes of bindings/swig now,
# but for the lines that name SWIG's version. Another version of SWIG brings other
# helpers in C; then the Go side alone is compared.
set -eu
native=$1/internal/native
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$native/generate.sh" "$work/new"
mkdir "$work/old"
maker() {
    grep -oE 'Version [0-9]+\.[0-9]+' "$1/native_wrap.c" | head -n 1
}
files="native.go native_nocgo.go"
[ "$(maker "$native")" != "$(maker "$work/new")" ] || files="$files native_wrap.c"
for file in $files; do
    for place in old new; do
        from=$native
        [ $place = old ] || from=$work/new
        grep -vE 'Version [0-9]+\.[0-9]+|SWIG_VERSION|__STDC__' "$from/$file" >"$work/$place.$file"
    done
    diff -u "$work/old.$file" "$work/new.$file" ||
        { echo "$file: run $native/generate.sh"; exit 1; }
done
echo "compared: $files"
