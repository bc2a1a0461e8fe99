# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# Watches a program: warnings and above, until nothing came for ten seconds.
# ruby watch.rb [endpoint] [root topic] [seconds]
require "zmqlog"

endpoint, root, seconds = ARGV
Zmqlog::Subscriber.open(connect: endpoint || "tcp://127.0.0.1:5556",
                        root_topic: root || "myprogram", level: :warn) do |sub|
  sub.each(timeout: Float(seconds || 10)) do |record|
    record.parse
    puts [record.level_name, record.logger, record.text, record.fields["ms"]].join(" ")
  rescue Zmqlog::FormatError # a plain text
    puts [record.level_name, record.subtopic, record.text].join(" ")
  end
end
