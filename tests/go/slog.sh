#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# slog.sh GO PACKAGE: the handler for log/slog, with this Go, or with any other one
# that is new enough to have slog.
set -eu
package=$2
export GOTOOLCHAIN=local

has_slog() { # has_slog GO
    command -v "$1" >/dev/null || return 1
    minor=$("$1" version | sed -n 's/.* go1\.\([0-9]*\).*/\1/p')
    [ "${minor:-0}" -ge 21 ]
}

for go in "$1" /usr/lib/go-1.*/bin/go /usr/local/go/bin/go "${HOME:-/}"/sdk/go1.*/bin/go; do
    has_slog "$go" || continue
    "$go" version
    cd "$package"
    exec "$go" test -count=1 -run Slog .
done
echo "SKIPPED: log/slog needs Go 1.21 or later; $("$1" version)"
exit 77
