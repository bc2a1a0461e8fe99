// SPDX-License-Identifier: BSD-3-Clause
// exit.js ENDPOINT [exit]
'use strict';
const lib = require('koffi').load('libzmqlog.so.1');

const create = lib.func('void *zmqlog_handler_new()');
const setRoot = lib.func('int zmqlog_handler_set_root_topic(void *, const char *)');
const connect = lib.func('int zmqlog_handler_connect(void *, const char *)');
const log = lib.func('int zmqlog_handler_log(void *, int, const char *, size_t)');
const handler = create();
setRoot(handler, 'app');
connect(handler, process.argv[2]);
log(handler, 20, 'last words', 10);
if (process.argv[3])
    process.exit(3);
