#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Checks the model of the queue: checks.sh SOURCE_DIRECTORY. The model itself must hold in
# every order of steps, and each broken variant must be found, or the model says nothing.
set -eu
model=$1/tests/model/queue.pml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# run OPTION...: what spin's verifier says about the model.
run() {
    spin -a "$@" "$model" >spin.log 2>&1 && gcc -O2 -DSAFETY -DVECTORSZ=2048 -o pan pan.c
    ./pan -m200000 2>&1
}

result=$(run)
if ! grep -q 'errors: 0' <<<"$result" || grep -q 'max search depth too small' <<<"$result"; then
    echo "the model does not hold:"
    echo "$result"
    exit 1
fi
grep -m1 'states, stored' <<<"$result"
for variant in CANCELLED LOOKS_ONCE LATE_SLOT EARLY_GATE; do
    if ! run "-D$variant" | grep -q 'assertion violated'; then
        echo "$variant is broken and was not found"
        exit 1
    fi
    echo "$variant is found"
done
