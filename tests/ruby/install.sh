#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# install.sh CMAKE BUILD RUBY RUBY_DIR [GEM]
# What is installed works from its prefix, and from where that is moved to, with
# nothing but -I; with GEM, so does what `gem install` makes against it.
set -u
cmake=$1 build=$2 ruby=$3 ruby_dir=$4 gem=${5:-}
source=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
# A sanitizer's runtime is for the program that loads the library only.
preload=${LD_PRELOAD:-}
unset RUBYLIB RUBYOPT LD_LIBRARY_PATH LD_PRELOAD

fail() {
    echo "FAILED: $*"
    exit 1
}

components="runtime ruby"
[ -z "$gem" ] || components="$components development"
for component in $components; do
    "$cmake" --install "$build" --prefix "$work/here" --component $component \
        >"$work/log" 2>&1 || { cat "$work/log"; fail "install of $component"; }
done
find_library() {
    dirname "$(find "$work" -name 'libzmqlog.so.1' | head -n 1)"
}
# With the prefix of the system the loader finds the library by itself.
is_system=
! grep -q '^CMAKE_INSTALL_PREFIX:[A-Z]*=/usr$' "$build/CMakeCache.txt" || is_system=yes

cat >"$work/try.rb" <<'RUBY'
require "zmqlog"
Zmqlog::Handler.open(bind: "tcp://127.0.0.1:*", root_topic: "app") do |log|
  sub = Zmqlog::Subscriber.open(connect: log.endpoint)
  log.info "hello there"
  record = sub.recv(timeout: 10)
  abort "lost" unless record && record.text == "hello there"
end
puts $LOADED_FEATURES.grep(/zmqlog\/native/)
RUBY

cd / || exit 1
for place in here there; do
    [ -d "$work/$place" ] || mv "$work/here" "$work/$place"
    [ -z "$is_system" ] || export LD_LIBRARY_PATH="$(find_library)"
    LD_PRELOAD=$preload "$ruby" -w -I "$work/$place/$ruby_dir" "$work/try.rb" || fail "what was installed"
done
readelf -d "$work/there/$ruby_dir/zmqlog/native.so" | grep NEEDED >"$work/needed"
grep -q 'libzmqlog.so.1' "$work/needed" || fail "the extension lacks libzmqlog"

[ -n "$gem" ] || exit 0
[ -f "$gem" ] || { echo "SKIPPED: no gem was built, see the target zmqlog_gem"; exit 77; }
PKG_CONFIG_PATH=$(dirname "$(find "$work" -name zmqlog.pc)")
GEM_HOME=$work/gems
LD_LIBRARY_PATH=$(find_library)
export PKG_CONFIG_PATH GEM_HOME LD_LIBRARY_PATH
"$ruby" -S gem install --local --no-document "$gem" >"$work/log" 2>&1 ||
    { cat "$work/log"; fail "gem install"; }
GEM_HOME=$work/gems "$ruby" -w -e 'gem "zmqlog"; load ARGV[0]' "$work/try.rb" ||
    fail "the gem"

# In a checkout there is no generated file; extconf.rb makes it.
command -v swig >/dev/null || exit 0
mkdir -p "$work/checkout/abi" || exit 1
cp -r "$source/abi/include" "$work/checkout/abi"
cp -r "$source/bindings" "$work/checkout"
(cd "$work/checkout/bindings/ruby/ext/zmqlog" && "$ruby" extconf.rb && make) \
    >"$work/log" 2>&1 || { cat "$work/log"; fail "a build in a checkout"; }
