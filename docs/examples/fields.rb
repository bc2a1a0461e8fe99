# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# Records with fields, as JSON: `zmqlog watch tcp://127.0.0.1:5556`.
require "zmqlog"

endpoint = ARGV[0] || "tcp://127.0.0.1:5556"
log = Zmqlog::Handler.open(bind: endpoint, root_topic: "shop", style: "json", source: true)

# Keywords are the record's fields.
log.info "http::served", status: 200, ms: 12.5     #=> shop.INFO.http served
log.warn "%s is slow", "db1", ms: 900              #=> shop.WARN db1 is slow

# A view has a name, and its own subtopic, level and fields.
db = log.view("db", topic: "db.pool", fields: { shard: 3 })
db.error "%s is down", "db1"                       #=> shop.ERROR.db.pool db1 is down

request = db.with(fields: { request: "r-17" })
request.info "commit"                              #=> shop.INFO.db.pool commit

log.close
