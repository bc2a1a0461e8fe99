#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# units.sh: as root, where systemd is process 1: the units that zmqlog-tools ships start,
# are confined, do their work, reload and stop. Prints what it does.
set -ex
units=/usr/share/doc/zmqlog-tools/examples
logs=/var/log/zmqlog

# await COMMAND...: until it succeeds; half a minute at most.
await() {
    turns=300
    until "$@"; do
        [ $((turns -= 1)) -gt 0 ]
        sleep 0.1
    done
}

# The service runs as a user of its own, without new privileges, and under a filter.
is_confined() { # is_confined UNIT
    process=/proc/$(systemctl show --property MainPID --value "$1")/status
    grep -q '^NoNewPrivs:.*1$' "$process" &&
        grep -q '^Seccomp:.*2$' "$process" &&
        grep -q '^CapEff:.*0000000000000000$' "$process" &&
        [ "$(sed -n 's/^Uid:\t\([0-9]*\).*/\1/p' "$process")" -gt 1000 ]
}

stops() { # stops UNIT
    systemctl stop "$1"
    [ "$(systemctl show --property Result --value "$1")" = success ]
    [ "$(systemctl is-active "$1")" = inactive ]
}

cp $units/zmqlog-collector.service $units/zmqlog-relay.service /etc/systemd/system/
systemctl daemon-reload

systemctl enable --now zmqlog-collector
await is_confined zmqlog-collector
zmqlog send --wait=30000 --connect tcp://127.0.0.1:5557 --root app one
await grep -q '"msg":"one"' $logs/all.jsonl
mv $logs/all.jsonl $logs/old.jsonl
systemctl reload zmqlog-collector
await test -e $logs/all.jsonl
zmqlog send --wait=30000 --connect tcp://127.0.0.1:5557 --root app two
await grep -q '"msg":"two"' $logs/all.jsonl
[ "$(cat $logs/old.jsonl $logs/all.jsonl | wc -l)" -eq 2 ]
stops zmqlog-collector

systemctl enable --now zmqlog-relay
await is_confined zmqlog-relay
zmqlog watch -q --count 1 tcp://127.0.0.1:5558 >/tmp/seen &
zmqlog send --wait=30000 --connect tcp://127.0.0.1:5557 --root app three
wait $!
grep -qx 'app.INFO | three' /tmp/seen
stops zmqlog-relay
: all is well
