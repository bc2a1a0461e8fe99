# SPDX-License-Identifier: BSD-3-Clause
# packaging/apt.sh: installs Debian packages as root, and otherwise says in one line
# what to type. To be sourced by bash, with $program, the name to speak by; knows nothing
# about what the packages are for.

missing_packages() { # missing_packages PACKAGE...
    comm -23 <(printf '%s\n' "$@" | sort -u) \
        <(dpkg-query -W -f '${Package} ${Status}\n' "$@" 2>/dev/null |
            sed -n 's/ [a-z]* ok installed$//p' | sort -u) | xargs
}

# The line that installs packages.
apt_line() { # apt_line PACKAGE...
    echo "apt-get update && apt-get install -y --no-install-recommends $*"
}

# Prints what apt says only into LOG: on failure its first error stands in our line.
# A list that cannot be updated matters only when a package cannot be had.
install_packages() { # install_packages LOG PACKAGE...
    local log=$1 missing
    missing=$(missing_packages "${@:2}")
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "$program: no apt-get here; Debian 12 and 13 have these packages: $missing" >&2
        return 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        echo "$program: missing packages; as root: $(apt_line "$missing")" >&2
        return 1
    fi
    mkdir -p "$(dirname "$log")"
    echo "installing $(wc -w <<<"$missing") packages; apt writes to $log"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    if ! { apt-get -q update; apt-get -q install -y --no-install-recommends $missing; } \
        >"$log" 2>&1 </dev/null; then
        echo "$program: apt cannot install the packages ($(sed -n '/^E: /{s///p;q}' "$log")); when there is a network: $(apt_line "$missing")" >&2
        return 1
    fi
}
