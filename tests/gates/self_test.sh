#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# self_test.sh ROOT SHARED STATIC BUILD_TYPE: each gate lets the tree as it is pass
# and stops a copy in which one thing is wrong. SHARED may be built without debug
# information; then, or without abidiff, the ABI comparison is left out.
set -eu
root=$(cd "$1" && pwd) shared=$2 static=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
header=$root/abi/include/zmqlog.h
map=$root/abi/libzmqlog.map
failed=0
tried=0

# stops WHY COMMAND...: the gate must fail and say WHY.
stops() {
    why=$1
    shift
    tried=$((tried + 1))
    if "$@" >"$work/log" 2>&1; then
        echo "passed although it should not ($why): $*"
        failed=1
    elif ! grep -qF -- "$why" "$work/log"; then
        echo "failed for another reason than \"$why\": $*"
        sed 's/^/    /' "$work/log" | head -20
        failed=1
    fi
}

# ---- exports
mkdir "$work/abi"
doctor() { # doctor NAME FILE SED...: a changed copy
    name=$1 file=$2
    shift 2
    sed "$@" "$file" >"$work/abi/$name"
    ! cmp -s "$file" "$work/abi/$name" || { echo "nothing to doctor in $file"; exit 1; }
}
exports() { "$root/abi/check_exports.sh" "$@"; }
doctor less.map "$map" '/ zmqlog_record_clear;/d'
stops "in the header, not in the map: zmqlog_record_clear" exports "$header" "$work/abi/less.map" "$shared"
stops "in the library, not in the map: zmqlog_record_clear" exports "$header" "$work/abi/less.map" "$shared"
doctor more.map "$map" 's/ zmqlog_record_clear;/& zmqlog_record_sing;/'
stops "in the map, not in the library: zmqlog_record_sing" exports "$header" "$work/abi/more.map" "$shared"
doctor node.map "$map" 's/^ZMQLOG_1.0/ZMQLOG_1.1/'
stops "ZMQLOG_1.1" exports "$header" "$work/abi/node.map" "$shared"
doctor less.h "$header" '/zmqlog_status zmqlog_record_clear(/d'
stops "in the map, not in the header: zmqlog_record_clear" exports "$work/abi/less.h" "$map" "$shared"
doctor more.h "$header" 's/^ZMQLOG_API uint32_t zmqlog_version(void);/&\nZMQLOG_API int zmqlog_sing(void);/'
stops "in the header, not in the map: zmqlog_sing" exports "$work/abi/more.h" "$map" "$shared"
echo 'int loose_name(void) { return 0; }' >"$work/loose.c"
${CC:-cc} -c "$work/loose.c" -o "$work/loose.o"
cp "$static" "$work/loose.a"
ar q "$work/loose.a" "$work/loose.o" 2>/dev/null
stops "foreign name in the static library: loose_name" exports "$header" "$map" "$shared" "$work/loose.a"

# ---- constants
mkdir "$work/constants"
sed 's/^#define ZMQLOG_COUNT_SENT 2 /#define ZMQLOG_COUNT_SENT 99 /' "$header" >"$work/constants/zmqlog.h"
stops "ZMQLOG_COUNT_SENT is 99" "$root/abi/check_constants.sh" "$work/constants/zmqlog.h" "$shared"
sed 's/^#define ZMQLOG_COUNT_SENT 2 .*/&\n#define ZMQLOG_COUNT_SUNG 7/' "$header" >"$work/constants/zmqlog.h"
stops "COUNT_SUNG is 7" "$root/abi/check_constants.sh" "$work/constants/zmqlog.h" "$shared"

# ---- the header alone
mkdir "$work/header"
sed 's/^#include <stdint.h>//' "$header" >"$work/header/zmqlog.h"
stops "refuses" "$root/abi/check_header.sh" "$work/header/zmqlog.h"
sed 's/zmqlog_level_number(const char \*name)/zmqlog_level_number(const char *class)/' "$header" >"$work/header/zmqlog.h"
stops "-std=c++11 refuses" "$root/abi/check_header.sh" "$work/header/zmqlog.h"

# ---- linkage
cat >"$work/manners.c" <<'END'
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
_Thread_local int mine;
int loud(double x) { puts("hello"); mine++; if (x > 1) abort(); return (int)pow(x, 3); }
END
${CC:-cc} -shared -fPIC -Wl,--no-as-needed "$work/manners.c" -lm -o "$work/libmanners.so"
for why in "needs libm.so.6" "does not need libzmq" SONAME NODELETE "thread-local" \
    "prints: puts" "ends the process: abort"; do
    stops "$why" "$root/abi/check_linkage.sh" "$work/libmanners.so"
done

# ---- includes
mkdir "$work/tree"
(cd "$root" && cp -R abi core bindings tests docs packaging "$work/tree/" 2>/dev/null) || true
includes() { # includes WHY FILE HEADER
    cp "$work/tree/$2" "$work/saved"
    echo "#include $3" >>"$work/tree/$2"
    stops "$1" "$root/tests/gates/check_includes.sh" "$work/tree"
    cp "$work/saved" "$work/tree/$2"
}
includes "core/thread/ring.c -> zmq.h" core/thread/ring.c '<zmq.h>'
includes "core/thread/ring.h -> core/socket/socket.h" core/thread/ring.h '"socket/socket.h"'
includes "core/base/utf8.h -> pthread.h" core/base/utf8.h '<pthread.h>'
# Through a header of another room as well.
includes "-> core/name/topic.h -> core/socket/socket.h" core/name/topic.h '"socket/socket.h"'
echo 'nobody.* | zmq.h | a rule without files' >>"$work/tree/tests/gates/includes.rules"
stops "no file is subject to: nobody" "$root/tests/gates/check_includes.sh" "$work/tree"

# ---- text
echo '# TO''DO: later ' >"$work/tree/core/late.sh"
for why in "no SPDX line: ./core/late.sh" "unfinished: ./core/late.sh" "blanks at the end: ./core/late.sh"; do
    stops "$why" "$root/tests/gates/check_text.sh" "$work/tree"
done
rm "$work/tree/core/late.sh"
mkdir -p "$work/tree/tests/fuzz/corpus"
head -c 600 /dev/zero | tr '\0' x >"$work/tree/tests/fuzz/corpus/long"
stops "a line over 512 bytes: tests/fuzz/corpus/long" "$root/tests/gates/check_text.sh" "$work/tree"
rm "$work/tree/tests/fuzz/corpus/long"

# ---- size
{
    echo 'void long_one(void) {'
    yes '    ;' | head -60
    echo '}'
} >"$work/tree/core/long.c"
stops "long function: core/long.c: long_one (62 lines)" "$root/tests/gates/check_size.sh" "$work/tree" --strict
rm "$work/tree/core/long.c"

# ---- docstrings
undocumented() { # undocumented WHY FILE SED...
    cp "$work/tree/$2" "$work/saved"
    why=$1 file=$2
    shift 2
    sed -i "$@" "$work/tree/$file"
    stops "$why" "$root/tests/gates/check_docs.py" "$work/tree"
    cp "$work/saved" "$work/tree/$file"
}
if command -v python3 >/dev/null; then
    public=abi/include/zmqlog.h
    undocumented "zmqlog_record_set_level: @param tells of []" $public \
        's/@param level 1 to 63; a cleared record has 20//'
    undocumented "zmqlog_record_clear: @return lists OK" $public \
        's/@return OK, EINVAL (the record is NULL)\./@return ENONSENSE./'
    undocumented "zmqlog_version_string: Ownership:" $public 's/Ownership: static\.//'
    undocumented "zmqlog_count_name: Since: 1.0" $public '/Since: 1\.1$/s/1$/0/'
    undocumented "lua: zmqlog/subscriber.lua: recv: no comment" bindings/lua/zmqlog/subscriber.lua \
        '/^--- sub:recv/,/^--- without/d'
    undocumented "ruby: subscriber: add_root: no @param of ['root']" \
        bindings/ruby/lib/zmqlog/subscriber.rb '/@param root /d'
    undocumented "go: options.go: Hold: no comment of its name" bindings/go/options.go \
        's,^// Hold is ,// It is ,'
fi

# ---- form
if clang-format --version 2>/dev/null | grep -q 'version 14\.'; then
    printf 'int  spaced( void );\n' >"$work/tree/core/spaced.h"
    cp "$root/.clang-format" "$work/tree/"
    mkdir -p "$work/tree/packaging" "$work/tree/bindings/shell"
    stops "core/spaced.h" "$root/tests/gates/check_format.sh" "$work/tree"
    rm "$work/tree/core/spaced.h"
fi

# ---- ABI
if command -v abidiff >/dev/null && [ -f "$root/abi/libzmqlog.abi" ]; then
    cp "$shared" "$work/stripped.so"
    strip --strip-unneeded "$work/stripped.so"
    stops "no debug information" "$root/abi/check_abi.sh" "$root/abi/libzmqlog.abi" "$work/stripped.so" "$root/abi/include"
    sed "s/name='zmqlog_record_clear'/name='zmqlog_record_sing'/g" "$root/abi/libzmqlog.abi" >"$work/removed.abi"
    sed "/<function-decl name='zmqlog_level_name'/,/<\/function-decl>/{ /<parameter/d }" \
        "$root/abi/libzmqlog.abi" >"$work/changed.abi"
    sed "/<elf-symbol name='zmqlog_level_name'/d
         /<function-decl name='zmqlog_level_name'/,/<\/function-decl>/d" \
        "$root/abi/libzmqlog.abi" >"$work/added.abi"
    compare() { "$root/abi/check_abi.sh" "$work/$1.abi" "$shared" "$root/abi/include"; }
    if readelf -SW "$shared" | grep -q ' \.debug_info ' && readelf -h "$shared" | grep -q X86-64; then
        stops "abidiff: 12" compare removed
        stops "abidiff: 4" compare changed
        compare added >"$work/log" 2>&1 || { echo "an addition does not pass" && failed=1; }
    fi
fi

echo "$tried faults planted"
exit $failed
