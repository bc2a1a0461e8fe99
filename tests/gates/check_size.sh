#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_size.sh ROOT [--strict]: names files over 450 lines and functions over 60,
# the public header apart. With --strict a function over 60 lines in core or in the
# command is a failure.
set -eu
cd "$1"
strict=${2:-}
find core bindings tests packaging docs abi -type f \
    \( -name '*.[chi]' -o -name '*.sh' -o -name '*.rb' -o -name '*.lua' -o -name '*.go' \) \
    -not -name zmqlog.h -not -path '*/golden/*' | sort |
    xargs wc -l | awk '$2 != "total" && $1 > 450 { print "long file: " $2 " (" $1 " lines)" }'
# K&R by clang-format: a body opens at the end of a line that starts in column 1,
# or of its continuation, and closes with a brace in column 1.
find core bindings/shell tests packaging docs/examples -name '*.c' | sort | xargs awk -v strict="$strict" '
    FNR == 1 { start = 0 }
    /^[a-zA-Z_].*\(/ && !/;$/ && !start { name = $0 }
    /\{$/ && name != "" && !start && !/=/ { start = FNR }
    /^}/ {
        if (start && FNR - start + 1 > 60) {
            sub(/\(.*/, "", name); sub(/.*[ *]/, "", name)
            print "long function: " FILENAME ": " name " (" FNR - start + 1 " lines)"
            if (strict != "" && FILENAME ~ /^(core|bindings)/) bad = 1
        }
        start = 0; name = ""
    }
    END { exit bad }'
