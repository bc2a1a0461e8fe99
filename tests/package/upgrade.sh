#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# upgrade.sh VERSION COMMAND...: as root; the command brings libzmqlog VERSION while
# a watcher and a program that logs to it hold the library that was there. Both go on
# with the old one; what starts afterwards has the new one, `use` included, which was
# linked with the old one.
set -eu
version=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
user=$(stat -c %U "$here/..")
work=$(mktemp -d)
chown "$user" "$work"

as_user="setpriv --reuid $user --regid $user --init-groups"

$as_user "$here/use"
$as_user zmqlog watch --bind "ipc://$work/log" -n 2 --timeout 1800 >"$work/seen" 2>"$work/notes" &
watcher=$!
$as_user lua5.4 "$here/holder.lua" "ipc://$work/log" "$work/upgraded" &
holder=$!
turns=0
until grep -q before "$work/seen"; do
    turns=$((turns + 1))
    [ $turns -le 3000 ] || { echo "nothing is heard" && exit 1; }
    sleep 0.1
done

"$@"
[ "$(dpkg-query -W -f '${Version}' libzmqlog1)" = "$version" ]
grep -q 'libzmqlog\.so.*(deleted)' "/proc/$holder/maps"
: >"$work/upgraded"
wait $holder
wait $watcher
printf 'held.INFO | before\nheld.INFO | after\n' | diff -u - "$work/seen"
rm -r "$work"
$as_user "$here/use"
case $(zmqlog --version) in
*"library ${version%-*}"*) echo "upgraded to $version under running programs" ;;
*) echo "an old library still: $(zmqlog --version)" && exit 1 ;;
esac
