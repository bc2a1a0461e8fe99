<?php
// SPDX-License-Identifier: BSD-3-Clause
// PHP's FFI: publishes, receives its own records, and shows what crosses.
//
//     php hello.php

$lib = FFI::cdef('
int64_t zmqlog_constant(const char *name);
const char *zmqlog_status_name(int status);
void *zmqlog_handler_new(void);
void zmqlog_handler_free(void *handler);
int zmqlog_handler_set_root_topic(void *handler, const char *root_topic);
int zmqlog_handler_set_style(void *handler, int level, const char *style);
int zmqlog_handler_bind(void *handler, const char *endpoint);
const char *zmqlog_handler_endpoint(void *handler, int index);
const char *zmqlog_handler_errmsg(void *handler);
int zmqlog_handler_wait_subscriber(void *handler, const char *topic, int timeout_ms);
int zmqlog_handler_log(void *handler, int level, const char *text, size_t text_len);
int zmqlog_handler_log_record(void *handler, void *record);
int zmqlog_handler_flush(void *handler, int timeout_ms);
int64_t zmqlog_handler_count(void *handler, int which);

void *zmqlog_record_new(void);
void zmqlog_record_free(void *record);
int zmqlog_record_set_level(void *record, int level);
int zmqlog_record_set_text(void *record, const char *text, size_t text_len);
int zmqlog_record_set_time_ns(void *record, int64_t time_ns);
int zmqlog_record_set_field_int(void *record, const char *key, int64_t value);
int zmqlog_record_parse(void *record);
void *zmqlog_record_topic(void *record, size_t *len);
void *zmqlog_record_text(void *record, size_t *len);
int64_t zmqlog_record_time_ns(void *record);
uint64_t zmqlog_record_seq(void *record);
int zmqlog_record_field_count(void *record);
const char *zmqlog_record_field_key(void *record, int index, size_t *len);
const char *zmqlog_record_field_json(void *record, int index, size_t *len);

void *zmqlog_subscriber_new(void);
void zmqlog_subscriber_free(void *subscriber);
int zmqlog_subscriber_subscribe(void *subscriber, const char *prefix);
int zmqlog_subscriber_connect(void *subscriber, const char *endpoint);
int zmqlog_subscriber_recv(void *subscriber, void *record, int timeout_ms);
', 'libzmqlog.so.1');

[$info, $warn, $error] = array_map(
    fn ($name) => $lib->zmqlog_constant("LEVEL_$name"), ['INFO', 'WARN', 'ERROR']);
$sent = $lib->zmqlog_constant('COUNT_SENT');
$handler = $lib->zmqlog_handler_new();
$subscriber = $lib->zmqlog_subscriber_new();
$record = $lib->zmqlog_record_new();

$check = function (int $status) use ($lib, $handler): void {
    if ($status < 0) {
        throw new RuntimeException($lib->zmqlog_status_name($status) . ': '
            . $lib->zmqlog_handler_errmsg($handler));
    }
};
$say = fn (int $level, string $text) =>
    $check($lib->zmqlog_handler_log($handler, $level, $text, strlen($text)));

// Bytes out are copied with their length; "const char *" would end at the first NUL.
$length = $lib->new('size_t');
$copied = fn (string $getter): string => FFI::string(
    $lib->{"zmqlog_record_$getter"}($record, FFI::addr($length)), $length->cdata);
$receive = function () use ($lib, $check, $subscriber, $record, $copied): array {
    $check($lib->zmqlog_subscriber_recv($subscriber, $record, 10000));
    return [$copied('topic'), $copied('text')];
};
$field = function (string $key) use ($lib, $record): ?string {
    for ($i = 0; $i < $lib->zmqlog_record_field_count($record); $i++) {
        if ($lib->zmqlog_record_field_key($record, $i, null) === $key) {
            return $lib->zmqlog_record_field_json($record, $i, null);
        }
    }
    return null;
};

$check($lib->zmqlog_handler_set_root_topic($handler, 'myprogram'));
$check($lib->zmqlog_handler_set_style($handler, $error, 'json'));
$check($lib->zmqlog_handler_bind($handler, 'tcp://127.0.0.1:*'));
$check($lib->zmqlog_subscriber_subscribe($subscriber, 'myprogram'));
$endpoint = $lib->zmqlog_handler_endpoint($handler, 0);
$check($lib->zmqlog_subscriber_connect($subscriber, $endpoint));
$check($lib->zmqlog_handler_wait_subscriber($handler, null, 10000));

$say($info, 'hello there');
$say($warn, 'sub.topic::hello there');
for ($i = 0; $i < 2; $i++) {
    echo implode(' ', $receive()), "\n";
}

$say($info, "a\0b");
[$topic, $text] = $receive();
$hex = implode(' ', str_split(bin2hex($text), 2));
echo $topic, ' ', strlen($text), ' bytes: ', $hex, "\n";

// Time and fields travel in style json. 64 bits arrive as they left; PHP has no
// unsigned integers, so %u shows the largest.
$check($lib->zmqlog_record_set_level($record, $error));
$check($lib->zmqlog_record_set_text($record, 'late', 4));
$check($lib->zmqlog_record_set_time_ns($record, 1700000000123456789));
$check($lib->zmqlog_record_set_field_int($record, 'id', 9007199254740993));
$check($lib->zmqlog_handler_log_record($handler, $record));
[$topic] = $receive();
$check($lib->zmqlog_record_parse($record));
printf("%s %s at %d number %u id %s\n", $topic, $copied('text'),
    $lib->zmqlog_record_time_ns($record), $lib->zmqlog_record_seq($record),
    $field('id'));

$foreign = '{"msg":"from elsewhere","epoch":"00000000000000ff",'
    . '"seq":18446744073709551615}';
$check($lib->zmqlog_record_set_text($record, $foreign, strlen($foreign)));
$check($lib->zmqlog_record_parse($record));
printf("%s number %u\n", $copied('text'), $lib->zmqlog_record_seq($record));

$check($lib->zmqlog_handler_flush($handler, 10000));
echo 'sent ', $lib->zmqlog_handler_count($handler, $sent), "\n";
try {
    $check($lib->zmqlog_handler_bind($handler, 'tcp://nowhere'));
} catch (RuntimeException $error) {
    echo $error->getMessage(), "\n";
}

$lib->zmqlog_subscriber_free($subscriber);
$lib->zmqlog_record_free($record);
$lib->zmqlog_handler_free($handler);
