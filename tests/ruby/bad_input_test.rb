# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# Anything at all given to any method, at random but repeatable: errors of Ruby's own
# kind are fine, a crash is not, and log calls do not even raise.
require_relative "helper"

class BadInputTest < Minitest::Test
  SEED = Integer(ENV.fetch("ZMQLOG_SEED", "1"))

  class Hostile < BasicObject
    def method_missing(name, *) = ::Kernel.raise("hostile: #{name}")
    def respond_to_missing?(*) = true
  end

  SHY = Object.new
  def SHY.to_s = raise("to_s")
  def SHY.inspect = raise("inspect")
  ODD = Object.new
  def ODD.to_str = 5
  def ODD.to_s = 5

  VALUES = [
    nil, true, false, 0, -1, 1, 20, 63, 64, 2**31, 2**70, -2**70, 2.5, Float::NAN,
    Float::INFINITY, 1r, 1i, "", "x", "a\0b", "%", "%d", "%s %s", "a::b", "info",
    "x" * 300, "y" * 100_000, "\xFF\xFE".b, "\xFF", "ü".encode("UTF-16LE"),
    "z".dup.force_encoding("UTF-7"), :info, :"a::b", [], [1, [2]], {}, { a: 1 },
    { "b" => nil }, 1..2, Object.new, SHY, ODD, String, Kernel, proc { nil },
    proc { raise "x" }, $stdout, Time.at(0), RuntimeError.new("e"), Mutex.new, Thread.current
  ].freeze

  LOG_CALLS = %i[debug info warn warning error critical fatal unknown log log_topic
                 log_record].freeze
  LOGGER_CALLS = %i[debug info warn error fatal unknown add log <<].freeze
  # With a silly number these can wait for ever, as they are told; the rest are not
  # ours.
  APART = %i[flush wait_subscriber recv each close save wakeup].freeze

  def setup
    @random = Random.new(SEED)
    open, sub = marry(linger_ms: 0)
    closed, forlorn = marry(linger_ms: 0)
    open.info "x"
    @record = next_of(sub)
    @handlers = [open, closed, open.view("v"), closed.view("w")]
    @loggers = [open.logger("l"), closed.logger("m", scan: true),
                open.logger("n", formatter: proc { |*, m| m })]
    @others = [sub, forlorn, Zmqlog::Auth.new, Zmqlog::Keypair.new, @record]
    closed.close
    forlorn.close
  end

  def pick
    return [*@handlers, *@loggers, *@others].sample(random: @random) if @random.rand(12).zero?

    VALUES.sample(random: @random)
  end

  def arguments(most = 4) = Array.new(@random.rand(most)) { pick }

  # Calls on these answer something other than true or false.
  def assert_answers(object, name, arguments)
    fields = @random.rand(3).zero? ? { %w[a b].sample(random: @random) => pick } : {}
    fields = {} if name == :log_record
    answer = object.public_send(name, *arguments, **fields.transform_keys(&:to_sym))
    assert_includes [true, false], answer, name.to_s
  rescue ArgumentError => e
    raise unless name == :log_record && e.message.start_with?("wrong number", "missing", "unknown")
  end

  def test_log_calls_never_raise
    warnings do
      20_000.times do
        assert_answers @handlers.sample(random: @random), LOG_CALLS.sample(random: @random),
                       arguments
      end
    end
    assert_answers @handlers.first, :info, [Hostile.new]
  end

  def test_loggers_never_raise
    warnings do
      20_000.times do
        name = LOGGER_CALLS.sample(random: @random)
        most = { add: 4, log: 4, "<<": 1 }.fetch(name, 1)
        given = Array.new([most, @random.rand(most + 1)].max.clamp(1, most)) { pick }
        answer = @loggers.sample(random: @random).public_send(name, *given)
        assert_includes [true, false], answer, name.to_s
      end
    end
  end

  def test_other_methods_may_raise_and_no_more
    objects = [*@handlers, *@loggers, *@others]
    methods = objects.to_h do |object|
      own = object.class.ancestors.take_while { |kind| kind != Object }
                  .select { |kind| kind.name.to_s.start_with?("Zmqlog") }
      names = own.flat_map { |kind| kind.public_instance_methods(false) } - APART
      [object, names.grep_v(/\A(bind|connect|open)\z/)]
    end
    10_000.times do
      object = objects.sample(random: @random)
      warnings { call(object, methods[object].sample(random: @random)) }
      GC.start if @random.rand(2000).zero?
    end
  end

  def call(object, name)
    if @random.rand(4).zero?
      object.public_send(name, *arguments, a: pick) { nil }
    else
      object.public_send(name, *arguments) { nil }
    end
  rescue StandardError, NotImplementedError
    nil
  end

  def test_constructors_may_raise_and_no_more
    kinds = [Zmqlog::Handler, Zmqlog::Subscriber, Zmqlog::Auth]
    names = %i[bind connect root_topic level levels style styles auth attach overflow hold_ms
               subscribe roots exact curve_server curve_client allow_keys allow_uids ipc_mode
               slow_peer queue_bytes]
    3_000.times do
      given = names.sample(2, random: @random).to_h { |name| [name, pick] }
      given.delete(:attach) if given[:attach].is_a?(Integer)
      begin
        made = kinds.sample(random: @random).new(**given)
        made.close if made.respond_to?(:close)
      rescue StandardError
        nil
      end
    end
  end

  def test_module_functions_may_raise_and_no_more
    1000.times do
      %i[level_number level_name has?].each do |name|
        Zmqlog.public_send(name, pick)
      rescue StandardError
        nil
      end
    end
  end

  def test_half_made_and_tampered_objects
    [Zmqlog::Handler, Zmqlog::View, Zmqlog::Subscriber, Zmqlog::Auth, Zmqlog::Keypair].each do |kind|
      object = kind.allocate
      kind.public_instance_methods(false).each do |name|
        object.public_send(name)
      rescue StandardError
        nil
      end
    end
    tampered = lonely
    [nil, 5, "x", Object.new, Mutex.new, tampered.view("v").instance_variable_get(:@raw),
     tampered.instance_variable_get(:@raw).class.allocate].each do |raw|
      %i[@raw @owner @outlet].each do |variable|
        victim = tampered.dup
        victim.instance_variable_set(variable, raw)
        %i[level flush endpoint close].each do |name|
          victim.public_send(name)
        rescue StandardError
          nil
        end
        assert_includes [true, false], victim.info("x") if variable != :@outlet
      end
    end
  end

  def test_the_raw_layer_survives_as_well
    native = Zmqlog.module_eval("Native", __FILE__, __LINE__)
    classes = native.constants.map { |name| native.const_get(name) }.grep(Class)
    handler = native::Handler.new
    objects = [handler, native::Logger.new(handler, "x"), native::Record.new,
               native::Subscriber.new, native::Auth.new, native::Keypair.new,
               *classes.map(&:allocate)]
    waits = %i[flush wait_subscriber wait_room recv close attach bind connect save gate]
    10_000.times do
      object = objects.sample(random: @random)
      name = (object.class.public_instance_methods(false) - waits - [:initialize])
             .sample(random: @random)
      begin
        object.public_send(name, *arguments(5))
      rescue StandardError
        nil
      end
    end
  end
end
