#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# generated.sh PACKAGE: what is checked in is what SWIG makes of bindings/swig now,
# but for the lines that name SWIG's version.
set -eu
native=$1/internal/native
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$native/generate.sh" "$work/new"
mkdir "$work/old"
for file in native.go native_nocgo.go native_wrap.c; do
    for place in old new; do
        from=$native
        [ $place = old ] || from=$work/new
        grep -vE 'Version [0-9]+\.[0-9]+|SWIG_VERSION|__STDC__' "$from/$file" >"$work/$place.$file"
    done
    diff -u "$work/old.$file" "$work/new.$file" ||
        { echo "$file: run $native/generate.sh"; exit 1; }
done
