#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# runtime.sh PACKAGES PROBE COMMAND...: runs the command. Where PROBE fails the runtime
# is missing: 77, and the packages to install.
set -u
packages=$1 probe=$2
shift 2
if ! sh -c "$probe" >/dev/null 2>&1; then
    echo "SKIPPED: install $packages"
    exit 77
fi
exec "$@"
