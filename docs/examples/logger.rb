# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# A program that logs through Ruby's Logger, published: only the first line is new.
require "zmqlog"

endpoint = ARGV[0] || "tcp://127.0.0.1:5556"
logger = Zmqlog::Logger.open(bind: endpoint, root_topic: "myprogram", progname: "web")

logger.level = :info
logger.info "hello there"             #=> myprogram.INFO hello there
logger.debug { "too much detail" }
logger.error("db") { "std::vector" }  #=> myprogram.ERROR std::vector
logger.fatal "disk full"              #=> myprogram.CRITICAL disk full

logger.formatter = proc { |severity, _time, progname, message| "#{progname} #{severity}: #{message}" }
logger.warn "low on memory"           #=> myprogram.WARN web WARN: low on memory

logger.close
