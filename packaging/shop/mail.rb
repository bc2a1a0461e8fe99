# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# One of the four programs that packaging/quickstart watches, in Ruby; shop.c tells what
# they do.
#
#     ruby mail.rb RECORDS
require "zmqlog"

WAIT = 60 # seconds
records = Integer(ARGV.fetch(0))

log = Zmqlog::Handler.open(bind: "tcp://127.0.0.1:*", root_topic: "mail", style: :json,
                           overflow: :block)
puts log.endpoint
$stdout.flush
log.wait_subscriber(timeout: WAIT)

(1..2).each do |receipt|
  log.debug { "smtp::EHLO for receipt #{receipt}" }
  log.info "receipts::receipt %d is on its way", receipt, to: "customer-#{receipt}"
  log.warn "smtp.slow::%d s for receipt %d", receipt * 2, receipt
  sleep 0.15
  log.error "receipts::receipt %d could not be delivered", receipt
  log.critical "queue::full"
  sleep 0.15
end

$stdin.read
records.times { |i| log.info "bulk::record %d of %d", i + 1, records }
log.close(timeout: WAIT)
puts "accepted #{log.count(:accepted)} sent #{log.count(:sent)}"
