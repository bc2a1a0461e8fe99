#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# nginx with Lua: two workers publish a record for each of 10,000 requests, with a
# reload in the middle. What the watcher has equals the access log. A handler that
# was opened before the workers were forked says EFORKED.
#
# ZMQLOG_NGINX, ZMQLOG_NGINX_MODULES and ZMQLOG_NGINX_LUA say where nginx, its
# modules and the Lua files of lua-resty-core are, if not in the usual places.
set -u
here=$(dirname "$(readlink -f "$0")")
nginx=${ZMQLOG_NGINX:-$(command -v nginx || echo /usr/sbin/nginx)}
modules=${ZMQLOG_NGINX_MODULES:-/usr/lib/nginx/modules}
resty=${ZMQLOG_NGINX_LUA:-/usr/share/lua/5.1}
requests=${ZMQLOG_NGINX_REQUESTS:-10000}
module=${1:-zmqlog.ffi}
lua=$(command -v luajit || command -v lua5.1 || command -v lua)

skip() {
    echo "SKIPPED: $*"
    exit 77
}
[ -x "$nginx" ] || skip "nginx is not there"
[ -f "$modules/ngx_http_lua_module.so" ] || skip "libnginx-mod-http-lua is not there"
[ -n "$lua" ] || skip "no Lua 5.1 for the watcher"
command -v python3 >/dev/null || skip "python3 is not there"

work=$(mktemp -d) || exit 1
server='' watcher=''
finish() {
    [ -z "$server" ] || kill -TERM "$server" 2>/dev/null
    [ -z "$watcher" ] || kill -TERM "$watcher" 2>/dev/null
    wait
    rm -rf "$work"
}
trap finish EXIT

fail() {
    echo "FAILED: $*"
    grep -v '\[notice\]' "$work/error.log" 2>/dev/null
    exit 1
}

# await <what> <command...>: until it succeeds, ten seconds at most.
await() {
    what=$1
    shift
    tries=0
    until "$@" 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 200 ] || fail "no $what"
        sleep 0.05
    done
}

user=''
[ "$(id -u)" -ne 0 ] || user='user root;'
endpoint=ipc://$work/log.sock
sed -e "s|@USER@|$user|" -e "s|@MODULES@|$modules|" -e "s|@WORK@|$work|" \
    -e "s|@LUA_PATH@|${LUA_PATH%%;;*};$resty/?.lua|" -e "s|@LUA_CPATH@|${LUA_CPATH%%;;*}|" \
    -e "s|@ENDPOINT@|$endpoint|" -e "s|@MODULE@|$module|" \
    "$here/nginx.conf.in" >"$work/nginx.conf"

"$lua" "$here/nginx_watch.lua" "$endpoint" "$work/ready" "$work/watched" &
watcher=$!
await "watcher" test -s "$work/ready"
env ${ZMQLOG_NGINX_LIBRARIES:+LD_LIBRARY_PATH="$ZMQLOG_NGINX_LIBRARIES"} \
    "$nginx" -p "$work" -c "$work/nginx.conf" -g 'daemon off;' 2>"$work/stderr" &
server=$!
await "nginx" test -S "$work/http.sock"
await "pid" test -s "$work/nginx.pid"

early=$(python3 "$here/nginx_client.py" "$work/http.sock" /too-early)
case $early in
"nil -14 "*) echo "opened too early: $early" ;;
*) fail "a handler from init_by_lua answered: $early" ;;
esac

python3 "$here/nginx_client.py" "$work/http.sock" 1 $((requests / 2)) || fail "client"
python3 "$here/nginx_client.py" "$work/http.sock" $((requests / 2 + 1)) "$requests" &
client=$!
kill -HUP "$server"
wait "$client" || fail "client during the reload"

kill -QUIT "$server"
wait "$server"
server=''
ENDPOINT=$endpoint "$lua" -e 'local log = assert(require("zmqlog").handler{
        connect = os.getenv "ENDPOINT", root_topic = "test", hold_ms = 10000 })
    log:info("end")
    assert(log:close(10000))' || fail "end"
wait "$watcher"
watcher=''

grep -q 'gracefully shutting down' "$work/error.log" || fail "there was no reload"
sort "$work/access.log" | grep . >"$work/wanted"
sort "$work/watched" | grep . >"$work/got"
echo "access log $(wc -l <"$work/wanted"), watched $(wc -l <"$work/got")"
[ "$(sort -u "$work/wanted" | wc -l)" -eq "$requests" ] || fail "not all were served"
cmp -s "$work/wanted" "$work/got" || {
    diff "$work/wanted" "$work/got" | head
    fail "the watcher has something else than the access log"
}
