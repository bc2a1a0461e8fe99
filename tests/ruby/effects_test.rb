# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

require "socket"
require "tmpdir"
require_relative "helper"

# Every option does what it is there for: one observation each, a method with the
# option's name. The lists are compared with those of the options, so that a new option
# needs an observation, too.
module Effects
  include Helper

  def nearby = "ipc://@zmqlog-ruby-#{Process.pid}-#{object_id}-#{@number = (@number || 0) + 1}"

  # What a subscriber with these options gets first of what the block logs.
  def got(subscriber: {}, **options)
    log, sub = marry(subscriber: subscriber, **options)
    yield log
    next_of(sub)
  end

  def first_of(**options) = got(**options) { |log| log.info "x" }

  # Records wait in the queue for a subscriber that does not come.
  def held(**options)
    log = lonely(**{ hold_ms: 60_000, max_body_bytes: 256, queue_bytes: 16_384,
                     linger_ms: 0 }, **options)
    300.times { log.info "x" * 200 }
    log
  end

  # A subscriber that does not read, and more records than it takes with those options.
  def stalled(receive_hwm: 1, **options)
    log = keep Zmqlog::Handler.open(**{ bind: nearby, send_hwm: 1, linger_ms: 0, hold_ms: 0,
                                        slow_peer: { stall_ms: 3_600_000 } }, **options)
    keep Zmqlog::Subscriber.open(connect: log.endpoint, queue_bytes: 16_384,
                                 receive_hwm: receive_hwm)
    log.wait_subscriber(timeout: DEADLINE)
    200.times { log.info "x" * 4000 }
    log
  end

  def assert_counted(object, name)
    ends = Process.clock_gettime(Process::CLOCK_MONOTONIC) + DEADLINE
    until object.count(name).positive?
      flunk "#{name} is still 0" if Process.clock_gettime(Process::CLOCK_MONOTONIC) > ends
      sleep 0.005
    end
  end

  def assert_stuck(log)
    assert_raises(Zmqlog::TimeoutError) { log.flush(timeout: 0.1) }
  end

  def assert_open(kind, **options)
    keep kind.open(bind: "tcp://0.0.0.0:*", **options)
  end
end

class HandlerEffectsTest < Minitest::Test
  include Effects

  def test_all_are_here
    known = Zmqlog.module_eval("HandlerOptions::SPEC.keys", __FILE__, __LINE__)
    seen = methods.grep(/\Atest_effect_/).map { |name| name.to_s.delete_prefix("test_effect_") }
    assert_equal known.map(&:to_s).sort, seen.sort
  end

  def test_effect_bind = assert_match(/:\d+\z/, lonely.endpoint)

  def test_effect_connect
    sub = keep Zmqlog::Subscriber.open(bind: "tcp://127.0.0.1:*")
    log = keep Zmqlog::Handler.open(connect: sub.endpoint)
    log.info "there"
    assert_equal "there", next_of(sub).text
  end

  # handler_test.rb has a socket of another library, if one is there.
  def test_effect_attach
    error = assert_raises(Zmqlog::InvalidError) { Zmqlog::Handler.open(attach: 0) }
    assert_match(/\Aattach: /, error.message)
  end

  def test_effect_root_topic = assert_equal("r.INFO", first_of(root_topic: "r").topic)

  def test_effect_level
    assert_equal("above", got(level: :warn) do |log|
      log.info "below"
      log.warn "above"
    end.text)
  end

  def test_effect_level_names
    assert_equal "WARNING", got(level_names: "pyzmq") { |log| log.warn "x" }.level_name
  end

  def test_effect_levels
    assert_equal "app.FINE", got(levels: { fine: 7 }) { |log| log.fine "x" }.topic
  end

  def test_effect_delimiter
    assert_equal "a", got(delimiter: "|") { |log| log.info "a|b" }.subtopic
  end

  def test_effect_style = assert_match(/\A\{/, first_of(style: "json").text)

  def test_effect_styles
    styles = { error: "<%(message)s>" }
    assert_equal "<x>", got(styles: styles) { |log| log.error "x" }.text
    assert_equal "x", first_of(styles: styles).text
  end

  def test_effect_time_format
    assert_match(/\A<\d{4}>\z/, first_of(style: "%(asctime)s", time_format: "<%Y>").text)
  end

  def test_effect_source
    assert_equal File.basename(__FILE__), first_of(style: "%(filename)s", source: true).text
  end

  def test_effect_overflow
    log = held(overflow: :drop_oldest)
    assert_operator log.count(:dropped_oldest), :>, 0
  end

  def test_effect_block_ms
    log = held(overflow: :block, block_ms: 0)
    assert_operator log.count(:dropped_timeout), :>, 0
  end

  def test_effect_queue_bytes
    assert_operator held.count(:dropped_queue), :>, 0
    assert_equal 0, held(queue_bytes: 1 << 20).count(:dropped_queue)
  end

  def test_effect_max_body_bytes
    assert_equal 256, got(max_body_bytes: 256) { |log| log.info "x" * 1000 }.text.bytesize
  end

  def test_effect_slow_peer
    assert_counted stalled(slow_peer: { stall_ms: 50 }), :slow_episodes
  end

  def test_effect_send_hwm
    assert_stuck stalled
    stalled(send_hwm: 1000).flush(timeout: DEADLINE)
  end

  # Longer than the default, so that a busy machine cannot look like it.
  def test_effect_linger_ms
    log = stalled(linger_ms: 1500)
    began = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    assert_raises(Zmqlog::TimeoutError) { log.close }
    assert_operator Process.clock_gettime(Process::CLOCK_MONOTONIC) - began, :>=, 1.4
  end

  def test_effect_hold_ms
    log = lonely(hold_ms: 60_000)
    log.info "early"
    assert_equal "early", next_of(keep(Zmqlog::Subscriber.open(connect: log.endpoint))).text
  end

  def test_effect_backlog
    log = lonely(backlog: { level: :error, bytes: 65_536 })
    wait_until { !log.enabled?(:warn) }
    log.warn "lost"
    log.error "kept"
    assert_equal "kept", next_of(keep(Zmqlog::Subscriber.open(connect: log.endpoint))).text
  end

  # The greeting and READY of a SUB that speaks ZMTP 3.1.
  SUB_31 = (["ff00000000000000017f0301"].pack("H*") + "NULL".ljust(52, "\0") +
            "\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03SUB").b.freeze

  def pinged?(patience, **options)
    log = keep Zmqlog::Handler.open(bind: "tcp://127.0.0.1:*", **options)
    told = "".b
    TCPSocket.open("127.0.0.1", log.endpoint[/\d+\z/].to_i) do |peer|
      peer.write(SUB_31)
      told << peer.readpartial(4096) while !told.include?("PING") && peer.wait_readable(patience)
    end
    told.include?("PING")
  end

  def test_effect_heartbeat_ms
    assert pinged?(DEADLINE, heartbeat_ms: 20)
    refute pinged?(0.2)
  end

  def notices(**options)
    log = held(**options)
    sub = keep Zmqlog::Subscriber.open(connect: log.endpoint)
    log.wait_subscriber(timeout: DEADLINE)
    log.flush(timeout: DEADLINE)
    log.info "end"
    sub.each.take_while { |record| record.text != "end" }
       .count { |record| record.subtopic == "zmqlog" }
  end

  def test_effect_drop_notice
    assert_operator notices, :>, 0
    assert_equal 0, notices(drop_notice: false)
  end

  # The first of hello and of what is logged.
  def greeted(**options)
    got(subscriber: { subscribe: %w[zmqlog.INFO.hello app] }, **options) do |log|
      log.wait_subscriber("app.INFO", timeout: DEADLINE)
      log.flush(timeout: DEADLINE)
      log.info "end"
    end.root
  end

  def test_effect_announce
    assert_equal "zmqlog", greeted
    assert_equal "app", greeted(announce: false)
  end

  def test_effect_auth = assert_open(Zmqlog::Handler, auth: { insecure: true })
end

class SubscriberEffectsTest < Minitest::Test
  include Effects

  def test_all_are_here
    known = Zmqlog::Subscriber.class_eval("SPEC.keys", __FILE__, __LINE__)
    seen = methods.grep(/\Atest_effect_/).map { |name| name.to_s.delete_prefix("test_effect_") }
    assert_equal known.map(&:to_s).sort, seen.sort
  end

  def both(**options)
    got(subscriber: options) do |log|
      log.debug "low"
      log.info "other::x"
      log.warn "high"
    end.text
  end

  # A subscriber that reads only after so much has been sent.
  def flooded(**options)
    log, sub = marry(subscriber: { queue_bytes: 16_384, **options }, linger_ms: 0)
    2000.times { |i| log.info "#{i} #{'x' * 100}" }
    log.flush(timeout: DEADLINE)
    assert_counted sub, :dropped
    sub
  end

  def test_effect_connect = assert_equal("low", both)

  def test_effect_bind
    sub = keep Zmqlog::Subscriber.open(bind: "tcp://127.0.0.1:*")
    keep(Zmqlog::Handler.open(connect: sub.endpoint)).info "there"
    assert_equal "there", next_of(sub).text
  end

  def test_effect_subscribe_all
    assert_equal("high", got(subscriber: { subscribe_all: :warn }) do |log|
      log.wait_subscriber("app.WARN", timeout: DEADLINE)
      log.info "low"
      log.warn "high"
    end.text)
  end

  def test_effect_subscribe = assert_equal("high", both(subscribe: "app.WARN"))

  def test_effect_root_topic
    assert_equal("y", got(subscriber: { root_topic: "b" }, root_topic: "b") do |log|
      log.root_topic = "a"
      log.info "x"
      log.root_topic = "b"
      log.info "y"
    end.text)
  end

  def test_effect_level = assert_equal("high", both(root_topic: "app", level: :warn))

  def test_effect_levels
    levels = { fine: 7 }
    assert_equal 7, got(subscriber: { levels: levels }, levels: levels) { |log| log.fine "x" }.level
  end

  def test_effect_roots
    assert_equal "a.INFO", got(subscriber: { roots: "a.INFO" }, root_topic: "a.INFO") { |log|
      log.info "x"
    }.root
  end

  def test_effect_exact
    assert_equal("y", got(subscriber: { subscribe: "app.INFO", exact: true },
                          levels: { information: 21 }) do |log|
      log.information "x"
      log.info "y"
    end.text)
  end

  def test_effect_receive_hwm
    assert_stuck stalled
    stalled(receive_hwm: 1000).flush(timeout: DEADLINE)
  end

  def test_effect_queue_bytes = flooded(overflow: :drop_newest)

  def test_effect_overflow
    assert_match(/\A0 /, next_of(flooded(overflow: :drop_newest)).text)
    refute_match(/\A0 /, next_of(flooded(overflow: :drop_oldest)).text)
  end

  def test_effect_block_ms = flooded(overflow: :block, block_ms: 1)

  def test_effect_auth = assert_open(Zmqlog::Subscriber, auth: { insecure: true })
end

class AuthEffectsTest < Minitest::Test
  include Effects

  def setup
    skip "this libzmq has no CURVE" unless Zmqlog.has?(:curve)
    @server = Zmqlog::Keypair.generate
    @client = Zmqlog::Keypair.generate
  end

  def test_all_are_here
    known = Zmqlog::Auth.class_eval("SPEC.keys", __FILE__, __LINE__)
    seen = methods.grep(/\Atest_effect_/).map { |name| name.to_s.delete_prefix("test_effect_") }
    assert_equal known.map(&:to_s).sort, seen.sort
  end

  def encrypted(**keys)
    log = lonely(auth: { curve_server: @server.secret_key, **keys })
    client = { server_key: @server.public_key, public_key: @client.public_key,
               secret_key: @client.secret_key }
    keep Zmqlog::Subscriber.open(connect: log.endpoint, auth: { curve_client: client })
    log.wait_subscriber(timeout: DEADLINE)
  end

  # Whether a subscriber gets in before and after the block.
  def guarded(endpoint, **options)
    auth = Zmqlog::Auth.new(**options)
    log = keep Zmqlog::Handler.open(bind: endpoint, auth: auth, hold_ms: 0)
    keep Zmqlog::Subscriber.open(connect: log.endpoint)
    assert_raises(Zmqlog::TimeoutError) { log.wait_subscriber(timeout: 0.1) }
    yield auth
    log.wait_subscriber(timeout: DEADLINE)
  end

  def test_effect_curve_server = encrypted(allow_keys: @client.public_key)
  def test_effect_curve_client = encrypted(allow_keys: "*")

  def test_effect_allow_keys
    assert_raises(Zmqlog::RefusedError) { encrypted }
    encrypted(allow_keys: [@client.public_key])
  end

  def test_effect_load_keys
    Dir.mktmpdir do |directory|
      @client.save("#{directory}/client")
      encrypted(load_keys: directory)
    end
  end

  def test_effect_allow_addresses
    guarded("tcp://127.0.0.1:*", allow_addresses: "192.0.2.1") do |auth|
      auth.allow_address("127.0.0.1")
    end
  end

  def test_effect_allow_uids
    guarded(nearby, allow_uids: 4_294_967_294) { |auth| auth.allow_uid(Process.uid) }
  end

  def test_effect_insecure = assert_open(Zmqlog::Handler, auth: { insecure: true })

  def test_effect_ipc_mode
    Dir.mktmpdir do |directory|
      keep Zmqlog::Handler.open(bind: "ipc://#{directory}/s", auth: { ipc_mode: 0o660 })
      assert_equal 0o660, File.stat("#{directory}/s").mode & 0o777
    end
  end
end
