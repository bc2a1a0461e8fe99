#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_header.sh HEADER: the header alone, and a program that uses its macros,
# are correct C99, C11 and C++11 for pedantic compilers, and clean for clang's
# -Weverything. $CC, $CXX: space separated lists of compilers; those that are not
# installed are left out, but one of each kind must be there. zmqlog.hpp beside it is
# clean as C++17 and C++20.
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
    const zmqlog_logger *const nothing = logger;
    ZMQLOG_INFO(logger, "nothing to format");
    ZMQLOG_ERROR(logger, "disk::%d of %s", 3, "four");
    ZMQLOG_LOG(logger, ZMQLOG_LEVEL_MAX, "%%");
    ZMQLOG_WARN_F(logger, "no field");
    ZMQLOG_INFO_F(logger, "disk::%d of %s", 3, "four", ZF_INT("i", 1), ZF_UINT("u", 2U),
                  ZF_STR("s", "t"), ZF_STRN("n", "t", 1), ZF_DOUBLE("d", 0.5),
                  ZF_BOOL("b", logger != nothing), ZF_JSON("j", "[]"));
    ZMQLOG_CLONE_F(&logger, logger, ZF_INT("i", 1));
}
END
# What no compiler accepts: fields of the wrong kind.
cat >"$work/wrong.c" <<'END'
#include "zmqlog.h"
void use(zmqlog_logger *logger);
void use(zmqlog_logger *logger) { ZMQLOG_INFO_F(logger, "x", ZF_INT("i", WRONG)); }
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

# clang's every warning, but for these: the header needs C99 or C++11, which warns of
# being no C++98; C has no pointers with lengths; and clang does not know Doxygen's
# "@param text,text_len".
for compiler in clang clang++; do
    command -v $compiler >/dev/null || continue
    language=c standard=c99
    [ $compiler = clang ] || language=c++ standard=c++11
    $compiler -x $language -std=$standard -Weverything -Werror -Wno-unknown-warning-option \
        -Wno-c++98-compat -Wno-c++98-compat-pedantic -Wno-unsafe-buffer-usage -Wno-documentation \
        -fsyntax-only -I "$include" "$work/use.c" || {
        echo "$compiler -Weverything warns"
        failed=1
    }
done
printf '#include "zmqlog.hpp"\n' >"$work/wrapper.cc"
for standard in c++17 c++20; do
    for compiler in ${CXX:-g++ clang++}; do
        command -v "$compiler" >/dev/null || continue
        try "$compiler" c++ $standard "$work/wrapper.cc"
    done
    ! command -v clang++ >/dev/null ||
        clang++ -x c++ -std=$standard -Weverything -Werror -Wno-unknown-warning-option \
            -Wno-c++98-compat -Wno-c++98-compat-pedantic -Wno-unsafe-buffer-usage \
            -Wno-documentation -fsyntax-only -I "$include" "$work/wrapper.cc" || {
        echo "clang++ -std=$standard -Weverything warns of zmqlog.hpp"
        failed=1
    }
done
for value in 1.5 '"text"'; do
    ! cc -DWRONG="$value" -fsyntax-only -I "$include" "$work/wrong.c" 2>/dev/null || {
        echo "ZF_INT takes $value"
        failed=1
    }
done
exit $failed
