#!/usr/bin/perl
# SPDX-License-Identifier: BSD-3-Clause
# Perl's FFI::Platypus: publishes, receives its own records, and shows what crosses.
#
#     perl hello.pl
use strict;
use warnings;
use FFI::Platypus 2.00;
use FFI::Platypus::Buffer qw(buffer_to_scalar);

my $ffi = FFI::Platypus->new(api => 2, lib => "libzmqlog.so.1");
$ffi->mangler(sub { "zmqlog_$_[0]" });

# Handles are "opaque". Strings of Perl may hold NULs: their length goes with them,
# and what has characters over 255 is encoded first. Bytes out come as an address.
$ffi->attach(@$_) for (
    [constant => ["string"] => "sint64"],
    [status_name => ["int"] => "string"],
    [handler_new => [] => "opaque"],
    [handler_free => ["opaque"] => "void"],
    [handler_set_root_topic => ["opaque", "string"] => "int"],
    [handler_set_style => ["opaque", "int", "string"] => "int"],
    [handler_bind => ["opaque", "string"] => "int"],
    [handler_endpoint => ["opaque", "int"] => "string"],
    [handler_errmsg => ["opaque"] => "string"],
    [handler_wait_subscriber => ["opaque", "string", "int"] => "int"],
    [handler_log => ["opaque", "int", "string", "size_t"] => "int"],
    [handler_log_record => ["opaque", "opaque"] => "int"],
    [handler_flush => ["opaque", "int"] => "int"],
    [handler_count => ["opaque", "int"] => "sint64"],
    [record_new => [] => "opaque"],
    [record_free => ["opaque"] => "void"],
    [record_set_level => ["opaque", "int"] => "int"],
    [record_set_text => ["opaque", "string", "size_t"] => "int"],
    [record_set_time_ns => ["opaque", "sint64"] => "int"],
    [record_set_field_int => ["opaque", "string", "sint64"] => "int"],
    [record_parse => ["opaque"] => "int"],
    [record_topic => ["opaque", "size_t*"] => "opaque"],
    [record_text => ["opaque", "size_t*"] => "opaque"],
    [record_time_ns => ["opaque"] => "sint64"],
    [record_seq => ["opaque"] => "uint64"],
    [record_field_count => ["opaque"] => "int"],
    [record_field_key => ["opaque", "int", "size_t*"] => "string"],
    [record_field_json => ["opaque", "int", "size_t*"] => "string"],
    [subscriber_new => [] => "opaque"],
    [subscriber_free => ["opaque"] => "void"],
    [subscriber_subscribe => ["opaque", "string"] => "int"],
    [subscriber_connect => ["opaque", "string"] => "int"],
    [subscriber_recv => ["opaque", "opaque", "int"] => "int"],
);

my ($info, $warn, $error) = map { constant("LEVEL_$_") } qw(INFO WARN ERROR);
my $sent = constant("COUNT_SENT");
my ($handler, $subscriber, $record) = (handler_new(), subscriber_new(), record_new());

sub check {
    my ($status) = @_;
    die status_name($status) . ": " . handler_errmsg($handler) . "\n" if $status < 0;
}

sub say_it {
    my ($level, $bytes) = @_;
    check(handler_log($handler, $level, $bytes, length $bytes));
}

sub copied {
    my ($getter) = @_;
    my $length = 0;
    my $address = $getter->($record, \$length);
    return buffer_to_scalar($address, $length);
}

sub receive {
    check(subscriber_recv($subscriber, $record, 10000));
    return (copied(\&record_topic), copied(\&record_text));
}

sub field {
    my ($key) = @_;
    for my $index (0 .. record_field_count($record) - 1) {
        return record_field_json($record, $index, undef)
            if record_field_key($record, $index, undef) eq $key;
    }
}

check(handler_set_root_topic($handler, "myprogram"));
check(handler_set_style($handler, $error, "json"));
check(handler_bind($handler, "tcp://127.0.0.1:*"));
check(subscriber_subscribe($subscriber, "myprogram"));
check(subscriber_connect($subscriber, handler_endpoint($handler, 0)));
check(handler_wait_subscriber($handler, undef, 10000));

say_it($info, "hello there");
say_it($warn, "sub.topic::hello there");
print join(" ", receive()), "\n" for 1 .. 2;

say_it($info, "a\0b");
my ($topic, $text) = receive();
printf "%s %d bytes: %s\n", $topic, length $text, join " ", unpack "(H2)*", $text;

# Time and fields travel in style json. 64 bits arrive as they left.
check(record_set_level($record, $error));
check(record_set_text($record, "late", 4));
check(record_set_time_ns($record, 1700000000123456789));
check(record_set_field_int($record, "id", 9007199254740993));
check(handler_log_record($handler, $record));
($topic) = receive();
check(record_parse($record));
printf "%s %s at %d number %u id %s\n", $topic, copied(\&record_text),
    record_time_ns($record), record_seq($record), field("id");

my $foreign =
    '{"msg":"from elsewhere","epoch":"00000000000000ff","seq":18446744073709551615}';
check(record_set_text($record, $foreign, length $foreign));
check(record_parse($record));
printf "%s number %u\n", copied(\&record_text), record_seq($record);

check(handler_flush($handler, 10000));
printf "sent %d\n", handler_count($handler, $sent);
eval { check(handler_bind($handler, "tcp://nowhere")) };
print $@;

subscriber_free($subscriber);
record_free($record);
handler_free($handler);
