#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_format.sh ROOT: each C file looks the way clang-format makes it look.
set -eu
cd "$1"
files=$(find abi/include core bindings/shell tests docs/examples packaging -name '*.[ch]')
[ -n "$files" ] || { echo "no files"; exit 1; }
failed=0
for file in $files; do
    clang-format --style=file "$file" | cmp -s - "$file" || {
        echo "not as clang-format has it: $file"
        failed=1
    }
done
[ $failed -ne 0 ] || echo "$(echo "$files" | wc -l) files, $(clang-format --version)"
exit $failed
