# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# The peer in Ruby; README.md has the protocol.
require "json"
require "zmqlog"

$stdout.sync = true
$stdin.binmode

def unhex(column) = column == "-" ? +"" : [column].pack("H*")
def hex(bytes) = bytes.unpack1("H*")

VALUES = {
  "string" => ->(text) { text.force_encoding("UTF-8") },
  "int" => ->(text) { Integer(text) },
  "double" => ->(text) { Float(text) },
  "bool" => ->(text) { text == "true" },
  "json" => ->(text) { JSON.parse(text) }
}.freeze

# Obeys the commands.
class Publisher
  NATIVE = { 10 => :debug, 20 => :info, 30 => :warn, 40 => :error, 50 => :fatal }.freeze
  COMMANDS = %w[log topic printf native fields root style].freeze

  def initialize(mode, endpoints)
    @log = Zmqlog::Handler.open(mode.to_sym => endpoints, root_topic: "myprogram",
                                levels: { trace: 5, audit: 33 })
    @native = Zmqlog::Logger.new(@log)
  end

  def run
    puts ["ready", @log.endpoint, *COMMANDS].join("\t")
    $stdin.each_line(chomp: true) do |line|
      command, *columns = line.split("\t")
      obey(command, columns) or abort "peer: #{command} answers false"
    end
    @log.close(timeout: 10)
  end

  private

  def obey(command, columns)
    first = columns.first
    case command
    when "root" then @log.root_topic = unhex(first)
    when "style" then @log.flush(timeout: 10).style = first
    else call(command, Integer(first), columns.drop(1))
    end
  end

  def call(command, level, columns)
    texts = columns.first(2).map { |column| unhex(column) }
    case command
    when "log" then @log.log(level, texts[0])
    when "topic" then @log.log_topic(level, texts[0], texts[1])
    when "printf" then @log.log(level, texts[0], texts[1])
    when "native" then @native.public_send(NATIVE.fetch(level), texts[0])
    when "fields" then @log.log(level, texts[0], **fields(columns.drop(1)))
    end
  end

  def fields(columns)
    columns.each_slice(3).to_h do |key, type, value|
      [unhex(key).force_encoding("UTF-8").to_sym, VALUES.fetch(type).call(unhex(value))]
    end
  end
end

def describe(record)
  shown = { topic: hex(record.topic), text: hex(record.text), root: hex(record.root),
            subtopic: hex(record.subtopic), level: record.level }
  begin
    record.parse
    shown.update(msg: hex(record.text), fields: record.fields)
  rescue Zmqlog::FormatError
    nil # a plain text
  end
  JSON.generate(shown)
end

def subscribe(mode, endpoint)
  Zmqlog::Subscriber.open(mode.to_sym => endpoint, roots: %w[myprogram other.root],
                          levels: { audit: 33 }) do |sub|
    puts "ready\t#{sub.endpoint}"
    sub.each do |record|
      last = record.text == "end"
      puts describe(record)
      break if last
    end
  end
end

def log_and_exit(mode, endpoint, root)
  log = Zmqlog::Handler.open(mode.to_sym => endpoint, root_topic: root)
  (1..5).each { |number| log.info "line #{number}" }
end

role, mode, *rest = ARGV
case role
when "pub" then Publisher.new(mode, rest).run
when "sub" then subscribe(mode, rest.first)
when "script" then log_and_exit(mode, *rest)
end
