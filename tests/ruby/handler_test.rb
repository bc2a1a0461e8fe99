# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# Opening, options, what a handler tells, closing; keys.
require_relative "helper"
require "fiddle"
require "tmpdir"

class HandlerTest < Minitest::Test
  def test_the_five_lines
    seen = nil
    answer = Zmqlog::Handler.open(bind: "tcp://127.0.0.1:*", root_topic: "myprogram") do |log|
      seen = log
      sub = keep Zmqlog::Subscriber.open(connect: log.endpoint)
      log.info "hello there"
      assert_arrives "myprogram.INFO", "hello there", sub
      :answer
    end
    assert_equal :answer, answer
    assert_predicate seen, :closed?
  end

  def test_the_block_form_closes_after_an_exception
    seen = nil
    assert_raises(ZeroDivisionError) do
      Zmqlog::Handler.open(bind: "tcp://127.0.0.1:*", hold_ms: 0) do |log|
        seen = log
        1 / 0
      end
    end
    assert_predicate seen, :closed?
    assert_same false, seen.info("late")
  end

  def test_the_module_knows
    assert_equal "::", Zmqlog::TOPIC_DELIM
    assert_equal Zmqlog::VERSION, Zmqlog.version
    assert_equal ["WARN", nil], [Zmqlog.level_name(30), Zmqlog.level_name(99)]
    assert_equal [30, 50, 25, nil], %w[Warning fatal 25 x].map { |n| Zmqlog.level_number(n) }
    assert_equal [true, false], [Zmqlog.has?(:json), Zmqlog.has?("wings")]
    assert_raises(NameError) { Zmqlog::Native }
    assert_raises(NameError) { Zmqlog::Outlet }
  end

  def test_every_option_is_taken
    options = {
      root_topic: :app, level: :debug, level_names: "pyzmq", levels: { trace: 5 },
      delimiter: "|", style: "%(message)s", styles: { error: "json", 5 => "plain" },
      time_format: "%H", source: false, overflow: :drop_oldest, block_ms: 5,
      queue_bytes: 1 << 20, max_body_bytes: 1024, send_hwm: 10, hold_ms: 0,
      slow_peer: { stall_ms: 500, budget_ms: 100, share_percent: 10 }, linger_ms: 100,
      drop_notice: false, announce: false, heartbeat_ms: 0,
      backlog: { level: :error, bytes: 4096 }, auth: { insecure: true }
    }
    known = Zmqlog.module_eval("HandlerOptions::SPEC.keys", __FILE__, __LINE__)
    assert_equal known.sort, (options.keys + %i[bind connect attach]).sort
    log = keep Zmqlog::Handler.open(bind: "ipc://@zmqlog-ruby-#{Process.pid}", **options)
    sub = keep Zmqlog::Subscriber.open(connect: log.endpoint)
    log.wait_subscriber(timeout: DEADLINE)
    log.warn "a|#{'x' * 2000}"
    record = next_of(sub)
    assert_equal "app.WARNING.a", record.topic
    assert_operator record.text.bytesize, :<=, 1024
    assert_equal 1, log.count(:truncated)
  end

  def test_a_nil_option_is_as_if_it_were_not_there
    log = lonely(level: nil, style: nil, auth: nil, connect: nil, linger_ms: nil)
    assert_equal 0, log.level
  end

  def test_unknown_options_name_the_nearest
    error = assert_raises(ArgumentError) { lonely(hold: 5) }
    assert_match(/no option :hold .*:hold_ms/, error.message)
    error = assert_raises(ArgumentError) { lonely(roottopic: "x") }
    assert_match(/:root_topic/, error.message)
    assert_raises(ArgumentError) { lonely(slow_peer: { stall: 1 }) }
    assert_raises(ArgumentError) { lonely(backlog: { size: 1 }) }
    assert_raises(ArgumentError) { lonely(backlog: { level: :loud, bytes: 4096 }) }
    assert_raises(ArgumentError) { lonely(auth: { insecured: true }) }
    error = assert_raises(ArgumentError) { lonely(overflow: :drop_new) }
    assert_match(/:drop_newest/, error.message)
    error = assert_raises(ArgumentError) { lonely(level: :inof) }
    assert_match(/:info/, error.message)
    assert_raises(ArgumentError) { lonely(styles: { nonsense: "json" }) }
  end

  def test_without_an_endpoint_it_opens_for_this_machine
    Dir.mktmpdir do |dir|
      with_env("ZMQLOG_DIR" => dir, "ZMQLOG_URL" => nil) do
        log = keep Zmqlog::Handler.open(root_topic: "app")
        assert_equal "ipc://#{Dir.glob("#{dir}/app.#{Process.pid}.*.sock").first}", log.endpoint
      end
      with_env("ZMQLOG_URL" => "@tcp://127.0.0.1:*?level=warn&hodl=1") do
        error = assert_raises(Zmqlog::InvalidError) { Zmqlog::Handler.open(root_topic: "app") }
        assert_match(/hodl; did you mean hold\?/, error.message)
      end
      with_env("ZMQLOG_URL" => "@tcp://127.0.0.1:*?level=warn") do
        log = keep Zmqlog::Handler.open(root_topic: "app", level: :debug)
        assert_match %r{\Atcp://127}, log.endpoint
        assert_equal 30, log.level
      end
    end
  end

  def with_env(values)
    before = values.to_h { |name, _| [name, ENV.fetch(name, nil)] }
    ENV.update(values)
    yield
  ensure
    ENV.update(before)
  end

  def test_options_of_a_wrong_type
    { bind: 5, root_topic: 5, level: 1.5, levels: [1], style: 5, styles: "json",
      hold_ms: "5", overflow: 5, slow_peer: 5, drop_notice: 1, auth: "x",
      delimiter: :x }.each do |name, value|
      error = assert_raises(TypeError, name) do
        Zmqlog::Handler.open(**{ bind: "tcp://127.0.0.1:*" }, **{ name => value })
      end
      assert_match(/#{name} must be/, error.message)
    end
    assert_raises(TypeError) { lonely(levels: { trace: "5" }) }
    assert_raises(TypeError) { lonely(styles: { error: 5 }) }
  end

  def test_values_that_the_library_refuses
    log = lonely
    assert_raises(Zmqlog::AddressInUseError) { Zmqlog::Handler.open(bind: log.endpoint) }
    assert_raises(Zmqlog::RefusedError) { Zmqlog::Handler.open(bind: "tcp://0.0.0.0:*") }
    assert_raises(Zmqlog::InvalidError) { Zmqlog::Handler.open(bind: "nonsense") }
    assert_raises(Zmqlog::InvalidError) { lonely(hold_ms: -1) }
    assert_raises(Zmqlog::InvalidError) { lonely(style: "nonsense") }
    error = assert_raises(Zmqlog::FormatError) { lonely(style: "%(nonsense)s") }
    assert_match(/offset 2/, error.message)
    assert_equal ["EFORMAT", -21], [error.status_name, error.status]
    assert_raises(Zmqlog::InvalidError) { lonely(queue_bytes: 1 << 20) }
    assert_raises(Zmqlog::InvalidError) { lonely(levels: { "a.b" => 5 }) }
    assert_raises(ArgumentError) { Zmqlog::Handler.open(bind: "ipc://a\0b") }
    assert_raises(RangeError) { lonely(hold_ms: 2**70) }
    assert_raises(RangeError) { lonely(queue_bytes: -1) }
  end

  # Never by a function of C.
  def test_refused_values_are_named_by_their_option
    { queue_bytes: [7, "queue_bytes is 7, it must be 16384 to 1073741824"],
      max_body_bytes: [7, "max_body_bytes is 7, it must be 256 to 268435456"],
      send_hwm: [0, "send_hwm: hwm is 0, it must be 1 to 10000000"],
      linger_ms: [-1, "linger_ms is -1, it must be 0 to 3600000"],
      hold_ms: [60_001, "hold_ms is 60001, it must be 0 to 60000"],
      slow_peer: [{ stall_ms: 0 }, "slow_peer: stall_ms is 0, it must be 1 to 3600000"],
      delimiter: ["x" * 17, "delimiter: its length is 17, it must be 0 to 16"],
      backlog: [{ bytes: 1 }, "backlog: bytes is 1, it must be 4096 to 1073741824"],
      style: ["%(nope)s", "style: unknown attribute 'nope' at offset 2"],
      levels: [{ X: 64 }, "levels: level is 64, it must be 1 to 63"] }
      .each do |option, (value, text)|
      error = assert_raises(Zmqlog::Error, option) { lonely(option => value) }
      assert_equal text, error.message
    end
  end

  def test_errors_are_a_tree
    kinds = Zmqlog.constants.map { |name| Zmqlog.const_get(name) }
                  .select { |kind| kind.is_a?(Class) && kind < Zmqlog::Error }
    assert_equal 16, kinds.size
    assert_equal kinds.size, kinds.map { |kind| kind.new.status }.uniq.size
    kinds.each { |kind| refute_empty kind.new.message }
    assert_equal "mine", Zmqlog::TimeoutError.new("mine").message
    assert_kind_of StandardError, Zmqlog::Error.new
  end

  def test_a_root_topic_can_change
    log, sub = marry
    assert_equal "app", log.root_topic
    log.root_topic = "größe"
    log.info "x"
    assert_arrives "größe.INFO", "x", sub
    assert_equal "größe", log.root_topic
    log.root_topic = ""
    log.info "x"
    assert_arrives "INFO", "x", sub
    assert_raises(Zmqlog::InvalidError) { log.root_topic = "x" * 101 }
    assert_raises(ArgumentError) { log.root_topic = "a\0b" }
    assert_raises(TypeError) { log.root_topic = nil }
    assert_equal "", log.root_topic
  end

  def test_level_and_style_can_change
    log, sub = marry
    log.level = :error
    assert_equal 40, log.level
    assert_same true, log.info("no")
    log.level = 0
    log.style = "<%(message)s>"
    log.set_style("json", level: :warn)
    log.info "x"
    assert_arrives "app.INFO", "<x>", sub
    log.warn "y"
    assert_equal "y", next_of(sub).parse.text
    assert_raises(ArgumentError) { log.level = :nonsense }
    assert_raises(ArgumentError) { log.level = 64 }
    assert_raises(ArgumentError) { log.level = nil }
    assert_raises(Zmqlog::FormatError) { log.style = "%(" }
    assert_equal ["WARN", "L25", nil], [30, "25", 0].map { |level| log.level_name(level) }
  end

  def test_several_endpoints
    sub = keep Zmqlog::Subscriber.open(bind: "tcp://127.0.0.1:*")
    log = keep Zmqlog::Handler.open(bind: ["tcp://127.0.0.1:*", "ipc://@zmqlog-r-#{Process.pid}"],
                                    connect: sub.endpoint, root_topic: "app")
    assert_equal 3, log.endpoints.size
    assert_nil log.endpoint(3)
    assert_same log, log.bind("tcp://127.0.0.1:*")
    assert_match(/\Atcp:.*:[1-9]\d*\z/, log.endpoint(3))
    log.info "x"
    assert_arrives "app.INFO", "x", sub
    assert_raises(Zmqlog::InvalidError) { log.connect("nonsense") }
    assert_raises(TypeError) { log.bind(5) }
    assert_includes log.inspect, log.endpoint
  end

  def test_counters
    log, sub = marry
    3.times { log.info "x" }
    log.flush
    assert_equal [3, 3], [log.count(:accepted), log.count("SENT")]
    counts = log.counts
    assert_equal counts[:accepted],
                 %i[sent unheard dropped_queue dropped_oldest dropped_timeout
                    dropped_internal queued].sum { |name| counts[name] }
    assert_equal [1, 1], counts.values_at(:peers, :subscriptions)
    error = assert_raises(ArgumentError) { log.count(:snt) }
    assert_match(/:sent/, error.message)
    3.times { next_of(sub) }
    assert_equal 3, sub.count(:received)
    assert_raises(ArgumentError) { sub.count(:sent) }
    assert_equal %i[received dropped lost duplicates strangers peers malformed], sub.counts.keys
  end

  def test_waits_and_their_ends
    log = lonely
    assert_raises(Zmqlog::TimeoutError) { log.wait_subscriber(timeout: 0) }
    assert_raises(Zmqlog::TimeoutError) { log.wait_subscriber("app.INFO", timeout: 0.01) }
    assert_same log, log.flush(timeout: 0)
    assert_raises(TypeError) { log.flush(timeout: "1") }
    assert_raises(ArgumentError) { log.flush(timeout: -1) }
    assert_raises(ArgumentError) { log.wait_subscriber("a\0b", timeout: 0) }
    sub = keep Zmqlog::Subscriber.open(connect: log.endpoint, subscribe: "app.INFO")
    assert_same log, log.wait_subscriber("app.INFO", timeout: DEADLINE)
    assert_raises(Zmqlog::TimeoutError) { log.wait_subscriber("app.WARN", timeout: 0) }
    sub.close
    log.close
    assert_raises(Zmqlog::ClosedError) { log.flush }
    assert_raises(Zmqlog::ClosedError) { log.wait_subscriber }
    assert_raises(Zmqlog::ClosedError) { log.root_topic = "x" }
    assert_raises(Zmqlog::ClosedError) { log.bind("tcp://127.0.0.1:*") }
  end

  def test_closing_twice_is_closing_once
    log = lonely
    refute_predicate log, :closed?
    assert_nil log.close
    assert_nil log.close(timeout: 0)
    assert_predicate log, :closed?
  end

  def test_closing_sends_what_is_queued
    log, sub = marry
    1000.times { |n| log.info n.to_s }
    log.close
    1000.times { |n| assert_equal n.to_s, next_of(sub).text }
  end

  def test_closing_tells_what_was_left_over
    log, = stall
    fill log
    assert_raises(Zmqlog::TimeoutError) { log.close(timeout: 0.01) }
    assert_operator log.count(:dropped_timeout), :positive?
    assert_nil log.close
  end

  def test_the_block_form_counts_what_was_left_over
    seen = nil
    Zmqlog::Handler.open(bind: "tcp://127.0.0.1:*", root_topic: "app", **STALLING) do |log|
      seen = log
      keep Zmqlog::Subscriber.open(connect: log.endpoint, **STALLED)
      log.wait_subscriber(timeout: DEADLINE)
      fill log
    end
    assert_predicate seen, :closed?
    assert_operator seen.count(:dropped_timeout), :positive?
  end

  def test_attached_sockets
    zmq = Fiddle.dlopen("libzmq.so.5")
    int, pointer = Fiddle::TYPE_INT, Fiddle::TYPE_VOIDP
    call = lambda do |name, *arguments, returns: int, types: [pointer]|
      Fiddle::Function.new(zmq[name], types, returns).call(*arguments)
    end
    context = call.call("zmq_ctx_new", types: [], returns: pointer)
    socket = call.call("zmq_socket", context, 1, types: [pointer, int], returns: pointer)
    call.call("zmq_bind", socket, "ipc://@zmqlog-a-#{Process.pid}", types: [pointer, pointer])
    [socket, socket.to_i].each do |given|
      log = Zmqlog::Handler.open(attach: given, root_topic: "app")
      assert_same true, log.info("x")
      assert_equal 1, log.count(:sent)
      assert_raises(Zmqlog::UnsupportedError) { log.wait_subscriber }
      log.close
    end
    assert_raises(Zmqlog::Error) { Zmqlog::Handler.open(attach: context) }
    assert_raises(Zmqlog::InvalidError) { Zmqlog::Handler.open(attach: 0) }
    [Object.new, 2.5, "x"].each do |nonsense|
      assert_raises(TypeError) { Zmqlog::Handler.open(attach: nonsense) }
    end
  ensure
    call&.call("zmq_close", socket)
    call&.call("zmq_ctx_term", context)
  end

  def test_keys
    skip "this libzmq has no CURVE" unless Zmqlog.has?(:curve)
    server = Zmqlog::Keypair.generate
    client = Zmqlog::Keypair.generate
    auth = Zmqlog::Auth.new(curve_server: server.secret_key)
    assert_raises(Zmqlog::RefusedError) { lonely(auth: auth) }
    auth.allow_key(client.public_key)
    log = lonely(auth: auth)
    keys = { server_key: server.public_key, public_key: client.public_key,
             secret_key: client.secret_key }
    sub = keep Zmqlog::Subscriber.open(connect: log.endpoint, auth: { curve_client: keys })
    log.wait_subscriber(timeout: DEADLINE)
    log.info "secret"
    assert_arrives "app.INFO", "secret", sub
    assert_same auth, auth.remove_key(client.public_key)
    assert_raises(Zmqlog::InvalidError) { auth.remove_key(client.public_key) }
    refute_includes [auth.inspect, server.inspect].join, server.secret_key
    assert_raises(ArgumentError) { Zmqlog::Auth.new(curve_client: { key: "x" }) }
    assert_raises(Zmqlog::InvalidError) { Zmqlog::Auth.new(curve_server: "short") }
  end

  def test_keys_in_files
    skip "this libzmq has no CURVE" unless Zmqlog.has?(:curve)
    Dir.mktmpdir do |directory|
      path = File.join(directory, "key")
      pair = Zmqlog::Keypair.generate.save(path)
      assert_equal 0o600, File.stat("#{path}_secret").mode & 0o777
      assert_equal [pair.public_key, pair.secret_key],
                   Zmqlog::Keypair.load(path).then { |k| [k.public_key, k.secret_key] }
      assert_raises(Zmqlog::AddressInUseError) { pair.save(path) }
      assert_raises(Zmqlog::SystemError) { Zmqlog::Keypair.load("#{path}.not") }
      File.chmod(0o644, "#{path}_secret")
      assert_raises(Zmqlog::RefusedError) { Zmqlog::Keypair.load(path) }
      auth = Zmqlog::Auth.new(load_keys: path, allow_addresses: "127.0.0.0/8",
                              allow_uids: [0, 1000], ipc_mode: 0o660)
      auth.remove_key(pair.public_key).remove_address("127.0.0.0/8").remove_uid(0)
      assert_raises(Zmqlog::InvalidError) { auth.allow_address("nonsense") }
    end
  end
end
