# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# A program that can be watched: `zmqlog watch tcp://127.0.0.1:5556`.
# What arrives stands behind each call: topic and message.
require "zmqlog"

endpoint = ARGV[0] || "tcp://127.0.0.1:5556"
Zmqlog::Handler.open(bind: endpoint, root_topic: "myprogram") do |log|
  log.info "hello there"                     #=> myprogram.INFO hello there
  log.warn "sub.topic::hello there"          #=> myprogram.WARN.sub.topic hello there
  log.error "%s is down", "db1"              #=> myprogram.ERROR db1 is down
  log.debug { "costly: #{(1..9).sum}" }      #=> myprogram.DEBUG costly: 45

  log.root_topic = "other"
  log.info "hello there"                     #=> other.INFO hello there
end
