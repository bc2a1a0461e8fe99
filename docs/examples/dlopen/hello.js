// SPDX-License-Identifier: BSD-3-Clause
// Node.js with koffi: publishes, receives its own records, and shows what crosses.
//
//     npm install koffi && node hello.js
'use strict';
const koffi = require('koffi');

const lib = koffi.load('libzmqlog.so.1');

// Handles are void *. Texts go as Buffers with their length. Numbers over 2^53 come
// and go as BigInt.
const zmqlog = Object.fromEntries([
    'int64_t constant(const char *name)',
    'const char *status_name(int status)',
    'void *handler_new()',
    'void handler_free(void *handler)',
    'int handler_set_root_topic(void *handler, const char *root_topic)',
    'int handler_set_style(void *handler, int level, const char *style)',
    'int handler_bind(void *handler, const char *endpoint)',
    'const char *handler_endpoint(void *handler, int index)',
    'const char *handler_errmsg(void *handler)',
    'int handler_wait_subscriber(void *handler, const char *topic, int timeout_ms)',
    'int handler_log(void *handler, int level, const uint8_t *text, size_t text_len)',
    'int handler_log_record(void *handler, void *record)',
    'int handler_flush(void *handler, int timeout_ms)',
    'int64_t handler_count(void *handler, int which)',
    'void *record_new()',
    'void record_free(void *record)',
    'int record_set_level(void *record, int level)',
    'int record_set_text(void *record, const uint8_t *text, size_t text_len)',
    'int record_set_time_ns(void *record, int64_t time_ns)',
    'int record_set_field_int(void *record, const char *key, int64_t value)',
    'int record_parse(void *record)',
    'void *record_topic(void *record, _Out_ size_t *len)',
    'void *record_text(void *record, _Out_ size_t *len)',
    'int64_t record_time_ns(void *record)',
    'uint64_t record_seq(void *record)',
    'int record_field_count(void *record)',
    'const char *record_field_key(void *record, int index, void *len)',
    'const char *record_field_json(void *record, int index, void *len)',
    'void *subscriber_new()',
    'void subscriber_free(void *subscriber)',
    'int subscriber_subscribe(void *subscriber, const char *prefix)',
    'int subscriber_connect(void *subscriber, const char *endpoint)',
    'int subscriber_recv(void *subscriber, void *record, int timeout_ms)',
].map((declaration) => {
    const name = declaration.match(/(\w+)\(/)[1];
    return [name, lib.func(declaration.replace(name, `zmqlog_${name}`))];
}));

const [INFO, WARN, ERROR] = ['INFO', 'WARN', 'ERROR']
    .map((name) => Number(zmqlog.constant(`LEVEL_${name}`)));
const SENT = Number(zmqlog.constant('COUNT_SENT'));
const handler = zmqlog.handler_new();
const subscriber = zmqlog.subscriber_new();
const record = zmqlog.record_new();

function check(status) {
    if (status < 0) {
        const detail = zmqlog.handler_errmsg(handler);
        throw new Error(`${zmqlog.status_name(status)}: ${detail}`);
    }
}

function say(level, text) {
    const bytes = Buffer.from(text);
    check(zmqlog.handler_log(handler, level, bytes, bytes.length));
}

function setText(text) {
    const bytes = Buffer.from(text);
    check(zmqlog.record_set_text(record, bytes, bytes.length));
}

// Bytes out are copied with their length: "const char *" would end at the first NUL.
function copied(getter) {
    const length = [0];
    const bytes = getter(record, length);
    return Buffer.from(koffi.decode(bytes, koffi.array('uint8_t', Number(length[0]))));
}

// Waits in a thread of koffi's; the event loop goes on.
function receive() {
    return new Promise((resolve, reject) => {
        zmqlog.subscriber_recv.async(subscriber, record, 10000, (error, status) => {
            try {
                if (error) throw error;
                check(status);
                const topic = copied(zmqlog.record_topic).toString();
                resolve([topic, copied(zmqlog.record_text)]);
            } catch (failure) {
                reject(failure);
            }
        });
    });
}

function field(key) {
    for (let i = 0; i < zmqlog.record_field_count(record); i++)
        if (zmqlog.record_field_key(record, i, null) === key)
            return zmqlog.record_field_json(record, i, null);
    return undefined;
}

function open() {
    check(zmqlog.handler_set_root_topic(handler, 'myprogram'));
    check(zmqlog.handler_set_style(handler, ERROR, 'json'));
    check(zmqlog.handler_bind(handler, 'tcp://127.0.0.1:*'));
    check(zmqlog.subscriber_subscribe(subscriber, 'myprogram'));
    check(zmqlog.subscriber_connect(subscriber, zmqlog.handler_endpoint(handler, 0)));
    check(zmqlog.handler_wait_subscriber(handler, null, 10000));
}

async function texts() {
    say(INFO, 'hello there');
    say(WARN, 'sub.topic::hello there');
    for (let i = 0; i < 2; i++) {
        const [topic, text] = await receive();
        console.log(`${topic} ${text}`);
    }
    say(INFO, 'a\0b');
    const [topic, text] = await receive();
    const hex = text.toString('hex').match(/../g).join(' ');
    console.log(`${topic} ${text.length} bytes: ${hex}`);
}

// Time and fields travel in style json. 64 bits arrive as they left.
async function numbers() {
    check(zmqlog.record_set_level(record, ERROR));
    setText('late');
    check(zmqlog.record_set_time_ns(record, 1700000000123456789n));
    check(zmqlog.record_set_field_int(record, 'id', 9007199254740993n));
    check(zmqlog.handler_log_record(handler, record));
    const [topic] = await receive();
    check(zmqlog.record_parse(record));
    const time = zmqlog.record_time_ns(record);
    console.log(`${topic} ${copied(zmqlog.record_text)} at ${time}`
        + ` number ${zmqlog.record_seq(record)} id ${field('id')}`);

    setText('{"msg":"from elsewhere","epoch":"00000000000000ff",'
        + '"seq":18446744073709551615}');
    check(zmqlog.record_parse(record));
    console.log(`${copied(zmqlog.record_text)} number ${zmqlog.record_seq(record)}`);
}

function ends() {
    check(zmqlog.handler_flush(handler, 10000));
    console.log(`sent ${zmqlog.handler_count(handler, SENT)}`);
    try {
        check(zmqlog.handler_bind(handler, 'tcp://nowhere'));
    } catch (error) {
        console.log(error.message);
    }
    zmqlog.subscriber_free(subscriber);
    zmqlog.record_free(record);
    zmqlog.handler_free(handler);
}

open();
texts().then(numbers).then(ends);
