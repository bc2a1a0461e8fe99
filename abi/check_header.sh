#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_header.sh HEADER: the header alone, and a program that uses its macros,
# are correct C99, C11 and C++11 for pedantic compilers. $CC, $CXX: space
# separated lists of compilers; those that are not installed are left out, but
# one of each kind must be there.
set -u
header=$1
include=$(dirname "$header")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

cat >"$work/use.c" <<'END'
#include "zmqlog.h"
void use(zmqlog_logger *logger);
void use(zmqlog_logger *logger) {
    ZMQLOG_INFO(logger, "nothing to format");
    ZMQLOG_ERROR(logger, "disk::%d of %s", 3, "four");
    ZMQLOG_LOG(logger, ZMQLOG_LEVEL_MAX, "%%");
}
END
cp "$work/use.c" "$work/use.cc"

# try COMPILER LANGUAGE STANDARD SOURCE
try() {
    "$1" -x "$2" -std="$3" -pedantic -pedantic-errors -Wall -Wextra -Wshadow -Werror \
        -fsyntax-only -I "$include" "$4" || {
        echo "$1 -std=$3 refuses $4"
        failed=1
    }
}

checked=
for compiler in ${CC:-gcc clang}; do
    command -v "$compiler" >/dev/null || continue
    checked=c
    for standard in c99 c11; do
        try "$compiler" c "$standard" "$header"
        try "$compiler" c "$standard" "$work/use.c"
    done
done
[ -n "$checked" ] || { echo "no C compiler found"; exit 1; }

checked=
for compiler in ${CXX:-g++ clang++}; do
    command -v "$compiler" >/dev/null || continue
    checked=c++
    for standard in c++11 c++17; do
        try "$compiler" c++ "$standard" "$header"
        try "$compiler" c++ "$standard" "$work/use.cc"
    done
done
[ -n "$checked" ] || { echo "no C++ compiler found: install g++"; exit 1; }
exit $failed
