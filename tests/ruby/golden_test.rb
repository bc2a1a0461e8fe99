# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# The golden cases that all languages share: tests/golden/calls.jsonl.
require_relative "helper"
require "json"

class GoldenTest < Minitest::Test
  FILE = File.expand_path("../golden/calls.jsonl", __dir__)

  File.foreach(FILE, encoding: "UTF-8") do |line|
    golden = JSON.parse(line)
    define_method(:"test_#{golden['name'].tr(' ', '_')}") { run_case(golden) }
  end

  def bytes(text) = text.is_a?(Hash) ? [text["hex"]].pack("H*") : text

  def run_case(golden)
    options = (golden["options"] || {}).transform_keys(&:to_sym)
    log = lonely(root_topic: "", **options)
    sub = listen(log, golden["subscribe"])
    to = golden["logger"] ? view(log, golden["logger"]) : log
    golden["calls"].each do |call|
      answer = make(call, to, log)
      assert_equal !call["result"], answer ? true : false, call.inspect
    end
    log.flush(timeout: DEADLINE)
    golden["frames"].each { |topic, body| compare(next_of(sub), topic, body) }
    assert_nil sub.recv(timeout: 0)
    assert_equal golden["frames"].size, log.count(:sent)
  end

  # A subscriber to all that the case wants, or to everything.
  def listen(log, prefixes)
    sub = keep Zmqlog::Subscriber.open(connect: log.endpoint, subscribe: prefixes)
    (prefixes || [""]).each { |prefix| log.wait_subscriber(prefix, timeout: DEADLINE) }
    wait_until { log.count(:peers).positive? } unless prefixes&.empty?
    sub
  end

  def view(log, given)
    options = given.except("name").transform_keys(&:to_sym)
    log.view(given["name"], **options)
  end

  def make(call, to, log)
    case call["do"]
    when "log" then to.log(call["level"], bytes(call["text"]))
    when "log_topic" then to.log_topic(call["level"], call["subtopic"], bytes(call["text"]))
    when "printf" then to.log(call["level"], call["format"], *call["arguments"])
    when "fields" then to.log(call["level"], call["text"],
                              **call["fields"].transform_keys(&:to_sym))
    when "root_topic" then log.root_topic = call["root_topic"]
    when "level" then log.level = call["level"]
    when "style" then log.set_style(call["style"])
    when "flush" then log.flush(timeout: DEADLINE)
    else flunk "unknown call #{call['do']}"
    end
  end

  def compare(record, topic, body)
    assert_equal topic, record.topic
    if body.is_a?(Hash) && body["json"]
      assert_contains body["json"], JSON.parse(record.text)
    else
      assert_equal bytes(body).b, record.text.b
    end
  end

  def assert_contains(wanted, got)
    wanted.each { |key, value| assert_equal [key, value], [key, got[key]] }
  end
end
