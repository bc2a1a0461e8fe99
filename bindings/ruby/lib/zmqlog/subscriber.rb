# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause
require "io/wait"

module Zmqlog
  # Receives records of one or many publishers.
  #
  #   Zmqlog::Subscriber.open(connect: "tcp://127.0.0.1:5556", root_topic: "myprogram",
  #                           level: :info) do |sub|
  #     sub.each { |record| puts record }
  #   end
  #
  # Waiting lets other threads and, under a scheduler, other fibers run, and is ended
  # by Timeout, Thread#kill and signals. {#close}, {#wakeup} and the counters may be
  # used by any thread at any time; what else threads do at once happens in turn.
  # In a forked child a subscriber cannot be used.
  # @since 1.0
  class Subscriber
    include Enumerable
    include Support::Counts
    include Support::Endpoints

    # What {#count} knows.
    COUNTERS = Support.counters([*32..47, 16, 18])

    SPEC = {
      connect: :strings, bind: :strings, subscribe: :strings, root_topic: :name,
      subscribe_all: :level, level: :level, levels: :hash, roots: :strings, exact: :boolean,
      receive_hwm: :integer, queue_bytes: :integer, overflow: :name, block_ms: :integer,
      auth: :auth
    }.freeze
    private_constant :SPEC

    # @!method self.open(**options)
    # Opens a subscriber; with a block, closes it afterwards and returns the block's
    # value. Without `subscribe`, `subscribe_all`, `root_topic` and `level` it gets
    # everything.
    #
    # @param options
    #   - `connect`, `bind` [String, Array<String>] endpoints; a publisher need not be
    #     there yet
    #   - `subscribe` [String, Array<String>] prefixes of topics, at most 245 bytes
    #   - `subscribe_all` [Integer, Symbol, String] a level: its records and those above,
    #     of all programs; opens no other level in those that say hello
    #   - `root_topic` [String] of a program; with `level` its records from that on
    #   - `level` [Integer, Symbol, String] 1 to 63 or a name
    #   - `levels` [Hash] names of levels that publishers use: `{ trace: 5 }`
    #   - `roots` [Array<String>] root topics with dots, to tell them from levels
    #   - `exact` [Boolean] prefixes match whole segments only; default false
    #   - `receive_hwm` [Integer] records that wait beside a full queue, 0 (no limit,
    #     nor one of bytes) to 10000000, default 100000
    #   - `queue_bytes` [Integer] 16 KiB to 1 GiB, default 8 MiB
    #   - `overflow` [Symbol] when that is full: `:block` (default), `:drop_newest`,
    #     `:drop_oldest`
    #   - `block_ms` [Integer] under `:block` drop after that long; default: never
    #   - `auth` [Auth, Hash]
    # @yieldparam subscriber [Subscriber]
    # @raise [ArgumentError] unknown option or level
    # @raise [TypeError] option of a wrong type
    # @raise [Error] what the library refuses
    # @since 1.0
    def self.open(**options)
      subscriber = new(**options)
      return subscriber unless block_given?

      begin
        yield subscriber
      ensure
        subscriber.send(:close_quietly)
      end
    end

    # As {.open}, without a block.
    def initialize(**options)
      Support.check_ractor("Subscriber")
      options = check(options)
      @raw = Native::Subscriber.new
      @spare = Native::Record.new
      @turn = Mutex.new
      @names = (options[:levels] || {}).to_h { |name, level| [name.to_s.upcase, level] }
      @names["UNKNOWN"] ||= UNKNOWN unless @names.value?(UNKNOWN)
      @waiting = 0
      configure(options)
    rescue StandardError
      @raw&.close
      raise
    end

    # The next record.
    # @param timeout [Numeric, nil] seconds; nil: no limit, 0: what is there
    # @return [Record, nil] nil when there was none in that time, or after {#wakeup}
    # @raise [ClosedError, ForkedError]
    def recv(timeout: nil)
      until_time = timeout && Support.now + Support.milliseconds(timeout) / 1000.0
      until_time = nil if timeout.respond_to?(:infinite?) && timeout.infinite?
      loop do
        status = receive(until_time)
        return status if status.is_a?(Record)
        return if status == Support::EAGAIN || status == Support::ETIMEDOUT

        # Woken: by us, for somebody's turn, or by another thread.
        return if was_woken?

        Thread.pass while @waiting.positive?
      end
    end

    # Yields each record as it comes, until the subscriber is closed or woken, or
    # nothing came for that long.
    # @param timeout [Numeric, nil] seconds; nil: no limit
    # @yieldparam record [Record]
    # @return [self, Enumerator]
    # @raise [ForkedError]
    def each(timeout: nil)
      return to_enum(:each, timeout: timeout) unless block_given?

      while (record = recv_unless_closed(timeout))
        yield record
      end
      self
    end

    # Subscribes to all topics that start with a prefix; without one to everything.
    # @param prefix [String] at most 245 bytes
    # @return [self]
    # @raise [InvalidError, ClosedError, ForkedError]
    def subscribe(prefix = "")
      in_turn { @raw.subscribe(prefix) }
    end

    # Takes back one subscribe of the same prefix.
    # @param prefix [String] as it was given to {#subscribe}
    # @return [self]
    # @raise [InvalidError] there was none
    # @raise [ClosedError, ForkedError]
    def unsubscribe(prefix = "")
      in_turn { @raw.unsubscribe(prefix) }
    end

    # Subscribes to a program's records of a level and above.
    # @param root_topic [String, Symbol] "" for programs without one
    # @param level [Integer, Symbol, String] 1 to 63, or a name
    # @return [self]
    # @raise [ArgumentError] there is no such level
    # @raise [LimitError] more than 1024 root topics
    # @raise [InvalidError, ClosedError, ForkedError]
    def subscribe_level(root_topic, level)
      number = number_of(level)
      in_turn { @raw.subscribe_level(root_topic.to_s, number) }
    end

    # Subscribes to the records of a level and above of all programs, and opens no other
    # level in those that say hello.
    # @param level [Integer, Symbol, String] 1 to 63, or a name
    # @return [self]
    # @raise [ArgumentError] there is no such level
    # @raise [InvalidError, ClosedError, ForkedError]
    # @since 1.1
    def subscribe_all(level)
      number = number_of(level)
      in_turn { @raw.subscribe_all(number) }
    end

    # Makes a root topic known, so that `a.b.INFO` is read as root `a.b`; at most 1024.
    # @param root [String, Symbol] at most 245 bytes
    # @return [self]
    # @raise [InvalidError, LimitError, ClosedError, ForkedError]
    def add_root(root)
      in_turn { @raw.add_root(root.to_s) }
    end

    # Whether prefixes match whole segments only; live.
    # @param on [Boolean]
    # @raise [TypeError]
    def exact=(on)
      Options.expect(:boolean, on, "exact")
      in_turn { @raw.set_exact(on ? 1 : 0) }
    end

    # Readable when records may have come since {#recv} with timeout 0 has answered
    # nil; for IO.select. Do not read from it.
    # @return [IO]
    # @raise [ForkedError, SystemError]
    def to_io
      @to_io ||= begin
        descriptor = @raw.fd
        raise Error.of(descriptor, @raw.errmsg) if descriptor.negative?

        # The descriptor lives as long as we do, so the IO keeps us.
        io = ::IO.for_fd(descriptor, "r", autoclose: false)
        io.instance_variable_set(:@subscriber, self)
        io
      end
    end

    # Ends the current or the next {#recv} or {#each}, once. Any thread, and signal
    # handlers.
    # @return [self]
    def wakeup
      @woken = true
      @raw.wakeup
      self
    end

    # Closes; a waiting {#each} ends, {#recv} raises. Calling it again does nothing.
    # @return [nil]
    # @raise [ForkedError]
    def close
      @closed = true
      @raw.close
      nil
    end

    # @return [Boolean] whether this process has closed it
    def closed? = @closed == true

    private

    def check(given)
      options = Options.check("Subscriber", given, SPEC)
      unless options.key?(:connect) || options.key?(:bind)
        raise ArgumentError, "Subscriber: give it connect or bind"
      end

      options[:levels]&.each do |name, number|
        Options.expect(:name, name, "Subscriber: a name in levels")
        Options.expect(:integer, number, "Subscriber: levels: #{name}")
      end
      options[:auth] = Auth.from(options[:auth]) if options[:auth]
      options
    end

    def configure(options)
      @names.each { |name, level| @raw.set_level_name(level, name) }
      %i[receive_hwm queue_bytes].each do |name|
        @raw.public_send(:"set_#{name}", options[name]) if options[name]
      end
      if options[:overflow] || options[:block_ms]
        policy = HandlerOptions.policy("Subscriber", options[:overflow] || :block)
        @raw.set_overflow(policy, options[:block_ms] || -1)
      end
      @raw.set_auth(options[:auth].send(:raw)) if options[:auth]
      @raw.set_exact(options[:exact] ? 1 : 0) if options.key?(:exact)
      Options.each(options[:roots]) { |root| @raw.add_root(root) }
      choose(options)
      Options.each(options[:bind]) { |endpoint| @raw.bind(endpoint) }
      Options.each(options[:connect]) { |endpoint| @raw.connect(endpoint) }
    end

    def choose(options)
      Options.each(options[:subscribe]) { |prefix| @raw.subscribe(prefix) }
      @raw.subscribe_all(number_of(options[:subscribe_all])) if options[:subscribe_all]
      if options[:level] || options[:root_topic]
        @raw.subscribe_level(options[:root_topic].to_s, number_of(options[:level] || 1))
      elsif !options[:subscribe] && !options[:subscribe_all]
        @raw.subscribe("")
      end
    end

    def number_of(level)
      case level
      when ::Integer then number = level
      when ::String, ::Symbol
        number = @names[level.to_s.upcase] || Zmqlog.level_number(level)
      end
      return number if number

      known = @names.keys + %w[DEBUG INFO WARN ERROR CRITICAL]
      raise ArgumentError,
            Options.unknown("no level", level, known.map { |name| name.downcase.to_sym })
    end

    # One look or one wait: a record, or a soft status.
    def receive(until_time)
      if Fiber.respond_to?(:current_scheduler) && Fiber.current_scheduler
        return receive_in_fiber(until_time)
      end

      left = until_time ? [until_time - Support.now, 0].max : nil
      @turn.synchronize { take(Support.milliseconds(left)) }
    end

    def receive_in_fiber(until_time)
      loop do
        taken = @turn.synchronize { take(0) }
        return taken unless taken == Support::EAGAIN

        left = until_time && until_time - Support.now
        return Support::ETIMEDOUT if left && left <= 0

        to_io.wait_readable(left)
      end
    end

    def take(milliseconds)
      status = @raw.recv(@spare, milliseconds)
      status == true ? Record.new(@spare) : status
    end

    def was_woken?
      woken = @woken
      @woken = false if woken
      woken
    end

    def recv_unless_closed(timeout)
      recv(timeout: timeout)
    rescue ClosedError
      nil
    end

    # Lets a thread that waits for records go aside for a moment.
    def in_turn
      unless @turn.try_lock
        @waiting += 1
        begin
          @raw.wakeup
          @turn.lock
        ensure
          @waiting -= 1
        end
      end
      begin
        yield
      ensure
        @turn.unlock
      end
      self
    end

    def close_quietly
      close
    rescue ForkedError
      nil
    end
  end
end
