# SPDX-License-Identifier: BSD-3-Clause
# tests/package/doors.sh: the other ways to get the library. To be sourced by run.

full_steps() {
    :
}
