#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_linkage.sh SHARED: the library needs libzmq and libc only, cannot be
# unloaded, keeps nothing per thread, carries no search path, and has no way to
# print, to end the process or to change its signals and locale.
set -eu
shared=$1
failed=0
complain() {
    echo "$1"
    failed=1
}

dynamic=$(readelf -dW "$shared")
for needed in $(echo "$dynamic" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
    case $needed in
    libzmq.so.5 | libc.so.6) ;;
    # Of libc's own make, where it is split up, and of the compiler's on 32 bit.
    libpthread.so.0 | ld-linux*.so.* | ld64.so.* | libatomic.so.1) ;;
    *) complain "needs $needed" ;;
    esac
done
echo "$dynamic" | grep -q 'NEEDED.*libzmq\.so' || complain "does not need libzmq"
echo "$dynamic" | grep -q 'SONAME.*\[libzmqlog\.so\.1\]' || complain "SONAME is not libzmqlog.so.1"
echo "$dynamic" | grep -q 'FLAGS_1.*NODELETE' || complain "may be unloaded: no NODELETE"
! echo "$dynamic" | grep -qE '\((RPATH|RUNPATH|TEXTREL)\)' || complain "has a search path or text relocations"
! readelf -lW "$shared" | grep -q '^ *TLS ' || complain "has thread-local storage"
! readelf -lW "$shared" | grep -qE 'GNU_STACK.*RWE' || complain "wants an executable stack"

imports=$(nm -D --undefined-only "$shared" | awk '{ sub(/@.*/, "", $2); print $2 }')
for name in $imports; do
    case $name in
    printf | vprintf | puts | putchar | fprintf | vfprintf | perror | psignal | err | warn | \
        fputs | fputc | __printf_chk | __vprintf_chk | __fprintf_chk | __vfprintf_chk | \
        stdout | stderr | syslog | vsyslog)
        complain "prints: $name" ;;
    abort | exit | _exit | quick_exit | __assert_fail | raise | kill)
        complain "ends the process: $name" ;;
    signal | sigaction | setlocale | setenv | putenv | chdir | umask | alarm | setitimer)
        complain "changes the process: $name" ;;
    system | popen | fork | vfork | posix_spawn | execve | execvp)
        complain "starts processes: $name" ;;
    strcpy | strcat | sprintf | vsprintf | gets | strtok | localtime | gmtime | asctime | ctime)
        complain "not safe here: $name" ;;
    esac
done
exit $failed
