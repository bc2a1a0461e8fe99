# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause
# Two records for the watcher at the endpoint that is the argument.
gem "zmqlog"
require "zmqlog"

Zmqlog::Handler.open(connect: ARGV.fetch(0), root_topic: "ruby") do |log|
  log.wait_subscriber(timeout: 300)
  log.info "hello there"
  log.warn "sub.topic::#{1 + 1} left"
end
