# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# A server that forks: the handler connects, so each worker goes on with it. Watch with
# `zmqlog watch --bind tcp://127.0.0.1:5556`.
require "zmqlog"

endpoint = ARGV[0] || "tcp://127.0.0.1:5556"
log = Zmqlog::Handler.open(connect: endpoint, root_topic: "server")

log.info "starting"                               #=> server.INFO starting
log.flush

workers = Array.new(2) do |number|
  fork do
    worker = log.view("worker", topic: "worker#{number}")
    worker.info "ready"                           #=> server.INFO.worker0 ready
  end                                             #=> server.INFO.worker1 ready
end
workers.each { |pid| Process.wait(pid) }

log.info "done"                                   #=> server.INFO done
log.close
