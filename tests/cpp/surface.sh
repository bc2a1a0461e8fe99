#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# surface.sh ZMQLOG.H ZMQLOG.HPP: the wrapper for C++ calls every function that the
# header exports. This list names what the wrapper leaves out, with the reason.
set -eu
left_out=''
header=$1 wrapper=$2
status=0
exported=$(tr '\n' ' ' <"$header" | grep -o 'ZMQLOG_API [^;(]*zmqlog_[a-z0-9_]*(' |
    sed 's/.*[ *]\(zmqlog_[a-z0-9_]*\)($/\1/' | sort -u)
[ -n "$exported" ] || { echo "no function found in $header"; exit 1; }
for name in $exported; do
    grep -qE "\b$name\b" "$wrapper" && is_there=1 || is_there=0
    case " $left_out " in
    *" $name "*) [ $is_there = 0 ] || { echo "$name is left out, but called"; status=1; } ;;
    *)
        [ $is_there = 1 ] || {
            echo "$wrapper does not call $name: add it, or list it in tests/cpp/surface.sh"
            status=1
        }
        ;;
    esac
done
echo "$(echo "$exported" | wc -l) functions"
exit $status
