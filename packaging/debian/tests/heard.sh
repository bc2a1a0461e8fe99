# SPDX-License-Identifier: BSD-3-Clause
# To be sourced: heard NAME COMMAND... runs a program that is to connect to the
# endpoint it gets as last argument and to log the two records every program here
# logs, under the root topic NAME, when it is listened to. What a watcher at that
# endpoint sees decides.
set -eu
work=$(mktemp -d)
watcher=
trap '[ -z "$watcher" ] || kill $watcher; rm -rf "$work"' EXIT

heard() {
    name=$1
    shift
    printf '%s.INFO | hello there\n%s.WARN.sub.topic | 2 left\n' "$name" "$name" \
        >"$work/wanted"
    zmqlog watch --bind "ipc://$work/log" -n 2 --timeout 600 >"$work/seen" 2>"$work/notes" &
    watcher=$!
    "$@" "ipc://$work/log" || { echo "$name: exit code $?" && exit 1; }
    wait $watcher || { watcher= && echo "$name: not heard" && cat "$work/notes" && exit 1; }
    watcher=
    diff -u "$work/wanted" "$work/seen"
    echo "$name: heard"
}
