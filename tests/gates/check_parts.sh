#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# check_parts.sh TREE: the command without its optional libraries: it compiles where
# they are missing, and the build and the command name each missing one.
set -euo pipefail
tree=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "$*" >&2
    exit 1
}

# pkg-config as it answers where one of the packages in $missing is not installed.
cat >"$work/pkg-config" <<'END'
#!/bin/sh
for word; do
    for package in $missing; do
        case $word in "$package" | "$package"[\ \>=]*) exit 1 ;; esac
    done
done
exec pkg-config "$@"
END
chmod +x "$work/pkg-config"

configure() { # configure DIRECTORY MISSING...
    missing="${*:2}" cmake -S "$tree" -B "$work/$1" -DCMAKE_BUILD_TYPE=None \
        -DCMAKE_C_FLAGS=-O0 -DZMQLOG_BUILD_TESTS=OFF -DZMQLOG_BUILD_BINDINGS=OFF \
        -DZMQLOG_WERROR=ON -DPKG_CONFIG_EXECUTABLE="$work/pkg-config" >"$work/said" 2>&1 ||
        fail "$(cat "$work/said")"
}

named() { # named PACKAGE
    [ "$(grep -c "zmqlog: without .*: install $1\$" "$work/said")" -eq 1 ] ||
        fail "the build does not name $1 in one line: $(cat "$work/said")"
}

refused() { # refused STATUS TEXT ARGUMENT...: in one line
    local status=0 said
    said=$("$work/small/bindings/shell/zmqlog" "${@:3}" 2>&1 </dev/null) || status=$?
    [ "$status" -eq "$1" ] && [[ $said == *"$2"* ]] && [ "$(wc -l <<<"$said")" -le 2 ] ||
        fail "zmqlog ${*:3}: $status, $said"
}

configure none libpcre2-8
named libpcre2-dev

configure small libnats libzstd
named libnats-dev
named libzstd-dev
cmake --build "$work/small" -j 2 --target zmqlog_command >"$work/said" 2>&1 ||
    fail "$(cat "$work/said")"
for library in nats zstd; do
    if ldd "$work/small/bindings/shell/zmqlog" | grep -q "lib$library"; then
        fail "linked with lib$library, which was missing"
    fi
done

refused 1 "built without libnats-dev" watch nats://127.0.0.1:1/S
refused 1 "built without libnats-dev" forward ipc:///none --to nats://127.0.0.1:1/S
refused 2 "built without libzstd-dev" record ipc:///none --dir "$work/r" --zstd
printf '\x28\xb5\x2f\xfdx' >"$work/packed.jsonl.zst"
refused 1 "built without libzstd-dev" play "$work/packed.jsonl.zst"
# What needs none of them is there.
printf '{"received":"2026-01-02T03:04:05Z","topic":"a.INFO","msg":"m"}\n' >"$work/plain.jsonl"
[ "$("$work/small/bindings/shell/zmqlog" play "$work/plain.jsonl")" = "a.INFO | m" ]
