# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# Writes a line for each request to a file and to the watcher. The logger is made once,
# in the master; the workers inherit it.
require "zmqlog"

LOGGER = Zmqlog::Logger.open(connect: ENV.fetch("WATCHER"), root_topic: "web",
                             progname: "puma", overflow: :block)
LINES = File.open(ENV.fetch("LINES"), "a")
LINES.sync = true
LOGGER.warn "master #{Process.pid}"
LINES.syswrite "master #{Process.pid}\n"

run(lambda do |env|
  line = "#{Process.pid} #{env['PATH_INFO']}"
  LINES.syswrite "#{line}\n"
  LOGGER.info line
  [200, { "content-type" => "text/plain" }, ["ok"]]
end)
