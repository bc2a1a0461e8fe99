# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

require_relative "handler_options"

module Zmqlog
  # Publishes. Log calls copy the record into a bounded queue, from which the
  # handler's own thread sends it; see {Calls}. Any thread may use a handler.
  #
  # A handler that is still open when the program ends is flushed, for at most its
  # `linger_ms`; one that is garbage collected likewise, without blocking anybody.
  #
  # In a forked child a handler that only connects goes on by itself. One that binds
  # cannot: its log calls answer false and are counted, the first warns, and
  # {#forked?} tells.
  # @since 1.0
  class Handler
    include Calls
    include Support::Counts
    include Support::Endpoints

    # What {#count} knows: `accepted` is the sum of `sent`, `unheard`, all
    # `dropped_*` but the last two, and `queued`, exact at every {#flush}.
    COUNTERS = Support.counters(1..31)

    # @!method self.open(**options)
    # Opens a handler; with a block, closes it afterwards and returns the block's
    # value. Give it `bind`, `connect` (one or several endpoints, also both), or
    # `attach`.
    #
    # @param options
    #   - `bind`, `connect` [String, Array<String>] `tcp://127.0.0.1:5556`, port `*`
    #     for a free one (see {#endpoint}), `ipc:///run/app.log`, `ipc://@name`
    #   - `attach` [Integer, FFI::Pointer, Fiddle::Pointer, ZMQ::Socket] a PUB or XPUB
    #     socket of the same libzmq, or its address; it must outlive the handler
    #   - `root_topic` [String] at most 100 bytes; live, see {#root_topic=}
    #   - `level` [Integer, Symbol, String] the floor: 0 (default) to 63 or a name
    #   - `level_names` [String, Symbol] `default` or `pyzmq` (30 is WARNING)
    #   - `levels` [Hash] more names: `{ trace: 5, notice: 25 }`; each is a method
    #   - `delimiter` [String] 0 to 16 bytes instead of `::`; `""`: never scanned
    #   - `style` [String, Symbol] `plain` (default), `logfmt`, `json`, `pyzmq`, or a
    #     format of Python's logging such as `"%(asctime)s %(message)s"`
    #   - `styles` [Hash] style of one level: `{ error: "json" }`
    #   - `time_format` [String] for strftime: what `%(asctime)s` shows
    #   - `source` [Boolean] find out file, line and method of each call (costs
    #     microseconds; default false)
    #   - `overflow` [Symbol] what a full queue does: `:drop_newest` (default),
    #     `:drop_oldest`, `:block`
    #   - `block_ms` [Integer] under `:block` how long a call waits; default: no limit
    #   - `queue_bytes` [Integer] 16 KiB to 1 GiB, default 4 MiB
    #   - `max_body_bytes` [Integer] 256 to 256 MiB, default 1 MiB
    #   - `send_hwm` [Integer] records per subscriber, 1 to 10000000, default 10000
    #   - `slow_peer` [Hash] `stall_ms` (1 to 3600000, default 60000), `budget_ms` (0 to
    #     60000, default 300), `share_percent` (0 to 100, default 5)
    #   - `hold_ms` [Integer] 0 to 60000, default 500: how long records are kept for a
    #     first subscriber after opening
    #   - `heartbeat_ms` [Integer] 0 (default: none) to 3600000: how often to ping
    #     subscribers, which must speak ZMTP 3.1
    #   - `linger_ms` [Integer] 0 to 3600000, default 1000
    #   - `drop_notice` [Boolean] default true
    #   - `announce` [Boolean] default true: answer those who ask which program this is
    #   - `backlog` [Hash] `bytes` (4 KiB to 1 GiB; default 0: none) of records from
    #     `level` (default warn) up are kept until somebody listens
    #   - `auth` [Auth, Hash] keys and allow lists
    # @yieldparam handler [Handler]
    # @raise [ArgumentError] unknown option or level
    # @raise [TypeError] option of a wrong type
    # @raise [Error] what the library refuses; nothing is open then
    # @since 1.0
    def self.open(**options)
      handler = new(**options)
      return handler unless block_given?

      begin
        yield handler
      ensure
        handler.send(:close_quietly)
      end
    end

    # As {.open}, without a block.
    def initialize(**options)
      Support.check_ractor("Handler")
      options = HandlerOptions.check(options)
      @raw = @owner = Native::Handler.new
      @names = {}
      @plain = !options[:source]
      @linger_ms = options.fetch(:linger_ms) { Native.zmqlog_handler_default("linger_ms") }
      @pid = Process.pid
      @outlet = Outlet.new(@raw, options[:block_ms] || -1, options[:source])
      configure(options)
    end

    # @return [String] first part of every topic, "" by default
    def root_topic = @raw.root_topic

    # Changes the first part of every topic, from the next record on.
    # @param root_topic [String, Symbol] at most 100 bytes, at most 256 values in all
    # @raise [Error]
    def root_topic=(root_topic)
      @raw.set_root_topic(Options.expect(:name, root_topic, "root_topic").to_s)
    end

    # @return [Integer] the floor, 0 to 63
    def level = @raw.level

    # Sets the floor: records below it are never published, whoever subscribes. Live.
    # @param level [Integer, Symbol, String] 0 (everything) to 63, or a name
    # @raise [ArgumentError] there is no such level
    def level=(level)
      @raw.set_level(floor_of(level))
    end

    # @param level [Integer, Symbol, String]
    # @return [String, nil] name of a level in this handler's topics
    def level_name(level)
      number = number_of(level)
      number && @raw.level_name(number)
    end

    # Changes how messages look, from the next record on that is sent.
    # @param style as the option of that name
    # @param level [Integer, Symbol, String, nil] of this level only
    # @return [self]
    # @raise [InvalidError] unknown name
    # @raise [FormatError] malformed format; the message tells the offset
    def set_style(style, level: nil)
      number = level ? floor_of(level) : 0
      @raw.set_style(number, style.to_s)
      @outlet.note_style(number, style.to_s)
      self
    end

    # Changes the style of all levels.
    # @param style [String, Symbol] as the option of that name
    # @raise [InvalidError, FormatError]
    def style=(style)
      set_style(style)
    end

    # A view with a name, and optionally with a subtopic, a threshold and fields.
    # @param name [String, Symbol] what `%(name)s` and json show
    # @param topic [String, Symbol] comes before the call's own subtopic
    # @param level [Integer, Symbol, String] threshold of this view
    # @param fields [Hash] in every record of this view
    # @param options `topic`, `level` and `fields`
    # @return [View]
    # @raise [Error, ArgumentError, TypeError]
    def view(name, **options)
      name = Options.expect(:name, name, "view: name").to_s
      View.new(self, Native::Logger.new(@raw, name), options)
    end

    # A logger with the interface of Ruby's own.
    # @param progname [String, nil]
    # @param options as for {Logger#initialize}
    # @return [Logger]
    def logger(progname = nil, **options)
      Logger.new(self, progname: progname, **options)
    end

    # Waits until everything logged so far has been handed to libzmq, the rest of
    # the hold included. Other threads run meanwhile. What was only flushed does not
    # survive `exit!` and `Process.daemon`: {#close} before these.
    # @param timeout [Numeric, nil] seconds; nil: no limit
    # @return [self]
    # @raise [TimeoutError, ClosedError, ForkedError]
    def flush(timeout: nil)
      ms = Support.milliseconds(timeout)
      Support.check(Support.waiting { @raw.flush(ms) })
      self
    end

    # Waits for a subscriber. Other threads run meanwhile.
    # @param topic [String, nil] nil: until anything this handler publishes has one;
    #   else until a record with exactly this topic, e.g. `"app.INFO"`, would reach one
    # @param timeout [Numeric, nil] seconds; nil: no limit
    # @return [self]
    # @raise [TimeoutError, ClosedError, ForkedError, UnsupportedError]
    def wait_subscriber(topic = nil, timeout: nil)
      ms = Support.milliseconds(timeout)
      Support.check(Support.waiting { @raw.wait_subscriber(topic, ms) })
      self
    end

    # Sends what is queued and closes; calling it again does nothing. Log calls that
    # come later answer false and are counted.
    # @param timeout [Numeric, nil] seconds; nil: `linger_ms`
    # @return [nil]
    # @raise [TimeoutError] something was left over (counted, if still queued)
    # @raise [ForkedError] in a forked child
    def close(timeout: nil)
      ms = timeout.nil? ? @linger_ms : Support.milliseconds(timeout)
      return if closed?

      answer = Support.waiting { close_raw(ms) }
      @outlet.closed = true
      Support.check(answer)
      nil
    end

    # @return [Boolean] whether this process has closed it
    def closed? = @outlet.closed

    # @return [Boolean] true in a forked child in which this handler cannot log
    def forked? = @raw.forked == 1

    # Reads a counter.
    # @param name [Symbol, String] one of {COUNTERS}
    # @return [Integer]
    # @raise [ArgumentError] there is no such counter here
    def count(name)
      value = super
      extra = name.to_s.downcase
      %w[accepted dropped_timeout].include?(extra) ? value + @outlet.timed_out : value
    end

    private

    # What views and loggers of this handler need of it.
    def share = [@owner, @outlet, @names, @plain]

    def configure(options)
      HandlerOptions.apply(@raw, options)
      options[:levels]&.each { |name, number| add_name(name.to_s, number) }
      HandlerOptions.apply_levels(@raw, @outlet, options) { |level| floor_of(level) }
      HandlerOptions.open(@raw, options)
    rescue StandardError
      @raw.close(0)
      raise
    end

    # A level of the user's own; a method, unless there is one of that name.
    def add_name(name, number)
      @names[name.upcase] = number
      method = name.downcase.to_sym
      return if respond_to?(method, true)

      define_singleton_method(method) do |*arguments, **fields, &block|
        log(number, *arguments, **fields, &block)
      end
      define_singleton_method(:"#{method}?") { enabled?(number) }
    end

    # Flushing can be interrupted, closing cannot. What a child inherited must not
    # wait for anything.
    def close_raw(milliseconds)
      return @raw.close(milliseconds) if @pid != Process.pid || milliseconds <= 0

      until_time = Support.now + milliseconds / 1000.0
      begin
        @raw.flush(milliseconds)
      rescue Error => e
        Outside.pass(e) # else: closing tells
      end
      @raw.close(((until_time - Support.now) * 1000).ceil.clamp(0, milliseconds))
    end

    # At the end of a block: what could not be sent was counted, and the parent
    # closes for a child.
    def close_quietly
      close
    rescue TimeoutError, ForkedError => e
      Outside.pass(e)
    end
  end
end
