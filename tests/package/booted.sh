# SPDX-License-Identifier: BSD-3-Clause
# tests/package/booted.sh: small systems that systemd boots in a container, with no
# network but their own loopback. To be sourced by run.

# Boots ROOT until its unit `check` has run a script; prints what that said. The script's
# last words must be LAST.
boot() { # boot ROOT SCRIPT LAST
    cp "$2" "$1/srv/check"
    cat >"$1/etc/systemd/system/check.service" <<'END'
[Unit]
After=multi-user.target
SuccessAction=poweroff-immediate
FailureAction=poweroff-immediate
[Service]
Type=oneshot
ExecStart=/bin/sh /srv/check
StandardOutput=file:/srv/said
StandardError=inherit
TimeoutStartSec=300
[Install]
WantedBy=default.target
END
    : >"$1/srv/said"
    chroot "$1" systemctl enable check
    # Not registered with a systemd of this machine, which need not be there.
    timeout 600 systemd-nspawn --quiet --boot --register=no --keep-unit --private-network \
        --directory="$1" --machine=zmqlog-tests </dev/null
    cat "$1/srv/said"
    [ "$(tail -n 1 "$1/srv/said")" = "$3" ]
}

step_units() { # step_units SUITE
    local root
    root=$(fresh_root "units-$1" "$1")
    add_repository "$root" "$1"
    install_in "$root" systemd-sysv zmqlog-tools
    boot "$root" "$here/units.sh" "+ : all is well"
    echo ": with systemd $(chroot "$root" dpkg-query -W -f '${Version}' systemd)"
}
