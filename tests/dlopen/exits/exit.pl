# SPDX-License-Identifier: BSD-3-Clause
# exit.pl ENDPOINT [exit]
use strict;
use warnings;
use FFI::Platypus 2.00;

my $ffi = FFI::Platypus->new(api => 2, lib => "libzmqlog.so.1");
$ffi->mangler(sub { "zmqlog_$_[0]" });
$ffi->attach(handler_new => [] => "opaque");
$ffi->attach(handler_set_root_topic => ["opaque", "string"] => "int");
$ffi->attach(handler_connect => ["opaque", "string"] => "int");
$ffi->attach(handler_log => ["opaque", "int", "string", "size_t"] => "int");
my $handler = handler_new();
handler_set_root_topic($handler, "app");
handler_connect($handler, $ARGV[0]);
handler_log($handler, 20, "last words", 10);
exit 3 if $ARGV[1];
