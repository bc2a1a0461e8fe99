# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# The golden cases that all languages share: tests/golden.
require_relative "helper"
require "json"

class GoldenTest < Minitest::Test
  FILE = File.expand_path("../golden/calls.jsonl", __dir__)

  File.foreach(FILE, encoding: "UTF-8") do |line|
    golden = JSON.parse(line)
    define_method(:"test_#{golden['name'].tr(' ', '_')}") { run_case(golden) }
  end

  File.foreach(File.expand_path("../golden/context.jsonl", __dir__), encoding: "UTF-8") do |line|
    golden = JSON.parse(line)
    define_method(:"test_context_#{golden['name'].tr(' ', '_')}") { run_context(golden) }
  end

  def run_context(golden)
    log = lonely(root_topic: "app", style: golden["style"])
    sub = listen(log, nil)
    context = golden["context"] || {}
    within(log, context.values_at("outer", "inner").compact) do
      fields = (golden["fields"] || {}).transform_keys(&:to_sym)
      fields[:exception] = raised(golden["error"]) if golden["error"]
      assert log.log(golden["level"], golden["text"], **fields)
    end
    compare(next_of(sub), *golden["frame"])
  end

  def within(log, contexts, &block)
    return yield if contexts.empty?

    first, *others = contexts
    fields = (first["fields"] || {}).transform_keys(&:to_sym)
    fields[:topic] = first["topic"] if first["topic"]
    log.context(**fields) { within(log, others, &block) }
  end

  def raised(message)
    raise message
  rescue StandardError => e
    e
  end

  def bytes(text) = text.is_a?(Hash) ? [text["hex"]].pack("H*") : text

  def run_case(golden)
    options = (golden["options"] || {}).transform_keys(&:to_sym)
    log = lonely(root_topic: "", **options)
    sub = listen(log, golden["subscribe"])
    to = golden["logger"] ? view(log, golden["logger"]) : log
    golden["calls"].each do |call|
      assert_equal call["result"] || "OK", result_of(call, to, log), call.inspect
    end
    log.flush(timeout: DEADLINE)
    golden["frames"].each { |topic, body| compare(next_of(sub), topic, body) }
    assert_nil sub.recv(timeout: 0)
    assert_equal golden["frames"].size, log.count(:sent)
  end

  # Setters raise what they refuse; log calls answer false, and a counter says why.
  def result_of(call, to, log)
    refused = log.count(:refused)
    return "OK" if make(call, to, log)

    log.count(:refused) > refused ? "EINVAL" : "false, and nothing is counted"
  rescue Zmqlog::Error => e
    e.status_name
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
    when "style" then log.set_style(call["style"], level: call["level"].nonzero?)
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
    wanted.each do |key, value|
      next assert_contains(value, got[key]) if value.is_a?(Hash) && got[key].is_a?(Hash)

      assert_equal [key, value], [key, got[key]]
    end
  end
end
