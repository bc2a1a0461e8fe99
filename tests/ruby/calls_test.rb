# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# Log calls of handlers and views: texts, subtopics, formats, fields, blocks, answers.
require_relative "helper"

class CallsTest < Minitest::Test
  def test_every_level_method
    log, sub = marry
    { debug: "DEBUG", info: "INFO", warn: "WARN", warning: "WARN", error: "ERROR",
      critical: "CRITICAL", fatal: "CRITICAL", unknown: "UNKNOWN" }.each do |name, level|
      assert_same true, log.public_send(name, "x")
      assert_arrives "app.#{level}", "x", sub
      assert log.public_send(:"#{name}?")
    end
  end

  def test_levels_by_number_symbol_and_string
    log, sub = marry
    [30, :warn, "Warning", "30", :WARN].each do |level|
      assert log.log(level, "s::x")
      assert_arrives "app.WARN.s", "x", sub
    end
  end

  def test_names_of_levels_become_methods
    log, sub = marry(levels: { trace: 5, "Notice" => 25 }, drop_notice: false)
    assert log.trace("x")
    assert_arrives "app.TRACE", "x", sub
    assert log.notice("%d rows", 3, table: "t")
    assert_arrives "app.NOTICE", "3 rows", sub
    assert_predicate log, :trace?
    assert log.log(:trace, "y")
    assert_arrives "app.TRACE", "y", sub
  end

  def test_names_that_are_taken_do_not_become_methods
    log = lonely(levels: { level: 5, close: 6, puts: 7 })
    assert_equal 0, log.level
    log.close
    assert_predicate log, :closed?
  end

  def test_a_text_is_scanned_and_a_topic_given
    log, sub = marry
    log.info "net.http::slow"
    assert_arrives "app.INFO.net.http", "slow", sub
    log.log_topic :info, "net", "std::vector"
    assert_arrives "app.INFO.net", "std::vector", sub
    log.log_topic :info, :net, "%s::x", "y"
    assert_arrives "app.INFO.net", "y::x", sub
  end

  def test_only_the_format_is_scanned
    log, sub = marry
    log.error "db::%s is down", "a::b"
    assert_arrives "app.ERROR.db", "a::b is down", sub
    log.error "%<host>s is down", { host: "a::b" }
    assert_arrives "app.ERROR", "a::b is down", sub
  end

  def test_what_cannot_be_formatted_is_logged_with_the_reason
    log, sub = marry
    assert log.info("s::%d rows", "three")
    record = next_of(sub)
    assert_equal "app.INFO.s", record.topic
    assert_match(/\A%d rows \[.*three/, record.text)
  end

  def test_other_objects_are_shown_and_not_scanned
    log, sub = marry
    log.info 42
    assert_arrives "app.INFO", "42", sub
    log.info :"a::b"
    assert_arrives "app.INFO", ":\"a::b\"", sub
    log.error RuntimeError.new("a::b")
    assert_arrives "app.ERROR", "a::b (RuntimeError)", sub
    log.error begin
      raise "with a backtrace"
    rescue RuntimeError => e
      e
    end
    assert_match(/\Awith a backtrace \(RuntimeError\)\n.*calls_test/, next_of(sub).text)
  end

  def test_a_block_gives_the_text
    log, sub = marry
    log.info { "s::x" }
    assert_arrives "app.INFO.s", "x", sub
    log.info(status: 200) { "y" }
    assert_arrives "app.INFO", "y", sub
  end

  def test_a_block_is_not_evaluated_when_nobody_listens
    log = lonely
    view = log.view("v", level: :error)
    count = 0
    log.view("v") # makes nothing listen
    wait_until { !log.enabled?(:info) }
    assert_same true, log.info { count += 1 }
    assert_same true, log.log(:info) { count += 1 }
    assert_same true, view.info { count += 1 }
    assert_equal 0, count
  end

  def test_a_block_is_not_evaluated_below_a_views_level
    log, = marry
    view = log.view("v", level: :error)
    assert_same true, view.info { flunk }
  end

  def test_what_a_block_raises_passes
    log, sub = marry
    assert_raises(ZeroDivisionError) { log.info { 1 / 0 } }
    assert_equal :thrown, catch(:out) { log.info { throw :out, :thrown } }
    assert_equal 1, [1].each { |n| break log.info { break n } }
    log.info "fine"
    assert_arrives "app.INFO", "fine", sub
  end

  def test_fields_of_every_kind
    log, sub = marry(style: "json")
    time = Time.at(1, 5, :nsec).utc
    log.info "q::served", status: 200, ok: true, ratio: 0.5, path: "/é", nothing: nil,
                          big: 2**70, list: [1, :two, nil], peer: { host: "h", nan: Float::NAN },
                          sym: :bol, at: time, error: ArgumentError.new("m"), inf: Float::INFINITY
    record = next_of(sub).parse
    assert_equal ["app.INFO.q", "served"], [record.topic, record.text]
    wanted = { "status" => 200, "ok" => true, "ratio" => 0.5, "path" => "/é",
               "nothing" => nil, "big" => 2**70, "list" => [1, "two", nil],
               "peer" => { "host" => "h", "nan" => nil }, "sym" => "bol",
               "at" => "1970-01-01T00:00:01.000000005Z", "inf" => nil,
               "error" => { "class" => "ArgumentError", "message" => "m" } }
    assert_equal wanted, fields_of(record)
  end

  def test_fields_that_json_cannot_say
    log, sub = marry(style: "json")
    round = []
    round << round
    log.info "x", bytes: ["a\xFF".b, "b\xFE"], round: round, "": 1,
                  k: Object.new.tap { |o| def o.to_s = raise("no") }
    record = next_of(sub).parse
    assert_equal ["a\uFFFD", "b\uFFFD"], record.fields["bytes"]
    assert_includes record.fields["round"].inspect, "..."
    assert_equal "(no)", record.fields["k"]
  end

  def test_fields_without_a_text
    log, sub = marry(style: "json")
    assert log.info(status: 200)
    record = next_of(sub).parse
    assert_equal ["", { "status" => 200 }], [record.text, fields_of(record)]
  end

  def test_a_field_that_is_refused_says_so
    log, sub = marry(style: "json")
    assert log.info("x", huge: "y" * 70_000, n: 1)
    record = next_of(sub).parse
    assert_equal 1, record.fields["n"]
    assert_match(/\A\(.*\)\z/, record.fields["huge"])
  end

  def test_nothing_to_say_is_refused_and_counted
    log, sub = marry
    view = log.view("v")
    [log, view].each do |to|
      [-> { to.info(nil) }, -> { to.info }, -> { to.log }, -> { to.log(:info) },
       -> { to.log(99, "x") }, -> { to.log(0, "x") }, -> { to.log(:nonsense, "x") },
       -> { to.log(nil, "x") }, -> { to.log_topic(:info, nil, "x") },
       -> { to.log_topic(:info) }, -> { to.log_topic(:info, 5, "x") },
       -> { to.log(2**80, "x") }, -> { to.info { nil } },
       -> { to.log_record(nil) }, -> { to.log_record("x", level: :nonsense) },
       -> { to.log_record("x", time: "soon") }].each_with_index do |call, index|
        before = log.count(:refused)
        assert_same false, call.call, "call #{index}"
        assert_equal before + 1, log.count(:refused), "call #{index}"
      end
    end
    assert_nothing_left log, sub
  end

  def test_an_object_that_cannot_be_shown_is_refused
    log, = marry
    shy = Object.new
    def shy.inspect = raise("no")
    assert_same false, log.info(shy)
    assert_equal 1, log.count(:refused)
  end

  def test_encodings
    log, sub = marry(drop_notice: false)
    log.info "größe".encode("UTF-16LE")
    assert_arrives "app.INFO", "größe", sub
    log.info "größe::x".encode("ISO-8859-1")
    assert_arrives "app.INFO.größe", "x", sub
    log.info "日本".encode("Shift_JIS")
    assert_arrives "app.INFO", "日本", sub
    log.info "a\u0000b"
    assert_arrives "app.INFO", "a\u0000b", sub
    log.info "\xFF\x00\xFE".b
    assert_equal "\xFF\x00\xFE".b, next_of(sub).text.b
    log.info "broken \xFF utf-8"
    record = next_of(sub)
    assert_equal Encoding::UTF_8, record.text.encoding
    refute_predicate record.text, :valid_encoding?
    log.info "dummy".dup.force_encoding("UTF-7")
    assert_arrives "app.INFO", "dummy", sub
    log.info "größe::%s %s".encode("UTF-16LE"), "ü".encode("UTF-16BE"), "\xFF".b
    assert_arrives "app.INFO.größe", "ü \xFF", sub
    log.info "größe::x".encode("UTF-16LE"), a: 1
    assert_arrives "app.INFO.größe", "x", sub
    log.logger("l", scan: true).info "größe::x".encode("UTF-16LE")
    assert_arrives "app.INFO.größe", "x", sub
    log.log_topic :info, "größe".encode("UTF-16BE"), "x"
    assert_arrives "app.INFO.größe", "x", sub
  end

  def test_a_whole_record
    log, sub = marry(style: "json")
    log.view("v").log_record("a::b", level: :error, subtopic: :t, logger: "other",
                                     time: Time.at(1, 7, :nsec), source: ["f.rb", 3, "m"],
                                     thread_name: "T", fields: { n: 1 })
    record = next_of(sub).parse
    assert_equal ["app.ERROR.t", "a::b", "other", 1_000_000_007, ["f.rb", 3, "m"],
                  { "n" => 1 }],
                 [record.topic, record.text, record.logger, record.time_ns, record.source,
                  fields_of(record)]
  end

  def test_the_source_is_found_when_wanted
    log, sub = marry(style: "%(filename)s:%(lineno)d %(message)s", source: true)
    log.info "x"
    line = __LINE__ - 1
    assert_equal "calls_test.rb:#{line} x", next_of(sub).text
    log.logger("l").warn { "y" }
    assert_equal "calls_test.rb:#{line + 3} y", next_of(sub).text
    log.view("v").info "z", a: 1
    assert_equal "calls_test.rb:#{line + 5} z", next_of(sub).text
  end

  def test_after_close_calls_are_false_and_counted
    log, = marry
    view = log.view("v")
    log.close
    assert_equal [false] * 5, [log.info("x"), log.info("x", a: 1), view.info("x"),
                               log.log_topic(:info, "t", "x"), view.log(:warn) { "x" }]
    assert_equal 5, log.count(:dropped_closed)
    refute log.enabled?(:info)
    refute_predicate log, :info?
  end

  def test_half_made_objects_answer_false
    [Zmqlog::Handler, Zmqlog::View, Zmqlog::Logger].each do |kind|
      assert_same false, kind.allocate.info("x")
    end
    handler = Zmqlog::Handler.allocate
    handler.instance_variable_set(:@owner, "nonsense")
    assert_same false, handler.info("x")
  end

  def test_views_have_a_name_a_topic_a_level_and_fields
    log, sub = marry(style: "json")
    db = log.view("db", topic: :pool, level: :warn, fields: { shard: 3 })
    assert_equal ["db", 30, log], [db.name, db.level, db.handler]
    db.info "no"
    db.error "conn::down", try: 1
    record = next_of(sub).parse
    assert_equal ["app.ERROR.pool.conn", "down", "db", { "shard" => 3, "try" => 1 }],
                 [record.topic, record.text, record.logger, fields_of(record)]
    request = db.with(fields: { request: "r" }, level: 0)
    request.info "x"
    assert_equal({ "shard" => 3, "request" => "r" }, fields_of(next_of(sub).parse))
    db.level = :critical
    copy = db.dup
    copy.level = :debug
    db.error "no"
    copy.debug "yes"
    assert_equal "yes", next_of(sub).parse.text
  end

  def test_a_view_outlives_the_last_word_on_its_handler
    view = Zmqlog::Handler.open(bind: "tcp://127.0.0.1:*", hold_ms: 0).view("v")
    GC.start
    assert_same true, view.info("x")
    view.handler.close
    assert_same false, view.info("x")
  end

  def test_calls_from_a_signal_handler
    log, sub = marry
    old = trap(:USR1) { log.info("from a trap", signal: "USR1") }
    Process.kill(:USR1, Process.pid)
    assert_arrives "app.INFO", "from a trap", sub
  ensure
    trap(:USR1, old)
  end

  def test_calls_from_many_threads
    log, sub = marry(drop_notice: false)
    threads = Array.new(4) { |n| Thread.new { 250.times { |i| log.info("#{n} %d", i, a: 1) } } }
    threads.each(&:join)
    texts = Array.new(1000) { next_of(sub).text }
    assert_equal (0..3).to_h { |n| [n.to_s, 250] }, texts.map { |t| t.split.first }.tally
  end
end
