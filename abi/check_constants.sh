#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_constants.sh HEADER SHARED: zmqlog_constant() knows each integer macro of
# the header, with and without its prefix, and nothing it should not.
set -eu
header=$1 shared=$2
include=$(cd "$(dirname "$header")" && pwd)
library=$(cd "$(dirname "$shared")" && pwd)/$(basename "$shared")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Object-like macros with a value that is neither text nor an attribute.
${CC:-cc} -E -dM "$header" |
    awk '$1 == "#define" && $2 ~ /^ZMQLOG_[A-Z0-9_]+$/ && $2 != "ZMQLOG_API" &&
         NF > 2 && $3 !~ /^"/ { print $2 }' | sort >"$work/names"
count=$(wc -l <"$work/names")
if [ "$count" -lt 50 ]; then
    echo "only $count integer macros found in $header"
    exit 1
fi

{
    cat <<'END'
#include "zmqlog.h"
#include <stdio.h>
static int failed;
static void check(const char *name, int64_t wanted) {
    int64_t got = zmqlog_constant(name);
    if (got != wanted) {
        failed = 1;
        printf("%s is %lld, zmqlog_constant says %lld\n", name, (long long)wanted,
               (long long)got);
    }
}
int main(void) {
END
    while read -r name; do
        echo "    check(\"$name\", $name);"
        echo "    check(\"${name#ZMQLOG_}\", $name);"
    done <"$work/names"
    for name in '' ZMQLOG_ NO_SUCH_CONSTANT count_sent COUNT_SENT_ ZMQLOG_ZMQLOG_OK; do
        echo "    check(\"$name\", INT64_MIN);"
    done
    echo '    check(NULL, INT64_MIN);'
    echo '    return failed;'
    echo '}'
} >"$work/check.c"
${CC:-cc} -std=c99 -Wall -Werror -Wno-nonnull -I "$include" "$work/check.c" "$library" \
    -Wl,-rpath,"$(dirname "$library")" -o "$work/check"
"$work/check"
echo "$count constants"
