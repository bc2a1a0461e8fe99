# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause
require "logger"

module Zmqlog
  # Small things that every object here needs. Not part of the interface.
  module Support
    OK = 0
    MAIN_RACTOR = Ractor.current
    private_constant :MAIN_RACTOR
    EAGAIN = Native.zmqlog_constant("EAGAIN")
    ETIMEDOUT = Native.zmqlog_constant("ETIMEDOUT")
    EINTERRUPTED = Native.zmqlog_constant("EINTERRUPTED")
    EFORKED = Native.zmqlog_constant("EFORKED")
    FOREVER = -1
    # What users' own inspect, to_s and formatters may raise into a log call.
    FAILURES = [StandardError, ScriptError, SystemStackError].freeze
    # Two weeks: what a C int of milliseconds surely holds.
    LONGEST_MS = 14 * 24 * 3600 * 1000
    private_constant :LONGEST_MS

    module_function

    # Seconds, or nil for no limit, as the library's milliseconds.
    def milliseconds(seconds)
      return FOREVER if seconds.nil?
      unless seconds.is_a?(Numeric) && seconds.real?
        raise TypeError, "timeout must be a number of seconds or nil, " \
                         "not #{seconds.inspect}"
      end
      raise ArgumentError, "timeout must not be negative" if seconds.negative?
      return FOREVER if seconds.to_f.infinite?

      (seconds * 1000).ceil.clamp(0, LONGEST_MS)
    end

    def now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end

    # The answer of a call that waits: true, or an exception.
    def check(answer)
      answer == true || raise(Error.of(answer))
    end

    # Runs a call that waits and has no descriptor to wait on. Under a fiber
    # scheduler it gets a thread of its own, so that other fibers run meanwhile.
    def waiting(&call)
      return yield unless Fiber.respond_to?(:current_scheduler) && Fiber.current_scheduler

      thread = Thread.new do
        Thread.current.report_on_exception = false
        call.call
      end
      begin
        thread.value
      ensure
        thread.kill
      end
    end

    PLAIN = [Encoding::UTF_8, Encoding::US_ASCII, Encoding::BINARY].freeze
    private_constant :PLAIN

    # A text as UTF-8, as the hot calls convert it: bytes stay as they are.
    def utf8(text)
      return text if PLAIN.include?(text.encoding)

      text.encode(Encoding::UTF_8, invalid: :replace, undef: :replace)
    rescue EncodingError => e
      Outside.pass(e)
      text.b # an encoding that Ruby knows by name only
    end

    # A name as C takes it: a NUL would end it, and is shown as "?".
    def name(text)
      text = utf8(text.to_s)
      text.b.include?("\0") ? text.b.tr("\0", "?").force_encoding(Encoding::UTF_8) : text
    end

    # The library's handles belong to the main Ractor; Ruby's own words would be about
    # something within.
    def check_ractor(what)
      return if Ractor.current.equal?(MAIN_RACTOR)

      raise UnsupportedError, "#{what}: Zmqlog works in the main Ractor only; send it the " \
                              "texts, for example by Ractor.main.send"
    end

    # As Kernel#format; where encodings do not go together, their bytes do.
    def format_text(text, arguments)
      format(text, *arguments)
    rescue EncodingError => e
      Outside.pass(e)
      bytes = arguments.map { |value| value.is_a?(::String) ? utf8(value).b : value }
      format(text.b, *bytes)
    end

    # Any object as the text of a record, as Ruby's Logger writes it.
    def text_of(object)
      case object
      when ::String then object
      when ::Exception
        lines = ["#{object.message} (#{object.class})", *object.backtrace]
        lines.join("\n")
      else string(object.inspect)
      end
    end

    CAUSES_MAX = 8
    private_constant :CAUSES_MAX

    # An exception as a field: class, message, backtrace and cause.
    # @return [Hash]
    def exception_data(error, depth = 0)
      cause = error.cause if depth < CAUSES_MAX
      { class: error.class.name, message: error.message, backtrace: error.backtrace,
        cause: cause && exception_data(cause, depth + 1) }.compact
    end

    # Its text where the rest is a field.
    def exception_line(error) = "#{error.message} (#{error.class})"

    # A String, whatever the object's to_s returns.
    def string(object) = object.is_a?(::String) ? object : "#{object}"

    OWN_FILES = [File.join(__dir__, ""), ::Logger.instance_method(:info).source_location[0],
                 "/active_support/"].freeze
    private_constant :OWN_FILES

    # Where the program called: the first place outside of these files and of other
    # loggers' that call us.
    # @return [Array(String, Integer, String)]
    def caller_source
      place = caller_locations(2, 16).find do |at|
        OWN_FILES.none? { |file| at.absolute_path.to_s.include?(file) }
      end
      place ? [place.path, place.lineno, place.label] : [nil, 0, nil]
    end

    # Counters by name, for handlers and subscribers.
    module Counts
      # Reads a counter.
      # @param name [Symbol, String] see {.names}
      # @return [Integer]
      # @raise [ArgumentError] there is no such counter here
      # @since 1.0
      def count(name)
        which = self.class::COUNTERS[name.to_s.downcase.to_sym]
        unless which
          raise ArgumentError,
                Options.unknown("no counter", name, self.class::COUNTERS.keys)
        end

        @raw.count(which)
      end

      # @return [Hash{Symbol => Integer}] all counters
      # @since 1.0
      def counts
        self.class::COUNTERS.keys.to_h { |name| [name, count(name)] }
      end
    end

    # Endpoints, for handlers and subscribers.
    module Endpoints
      # An endpoint with its real port.
      # @param index [Integer] in the order of opening, from 0
      # @return [String, nil] nil past the end
      # @since 1.0
      def endpoint(index = 0) = @raw.endpoint(index)

      # @return [Array<String>] all endpoints
      # @since 1.0
      def endpoints
        (0..).lazy.map { |index| @raw.endpoint(index) }.take_while(&:itself).to_a
      end

      # Opens one more endpoint that others connect to.
      # @param endpoint [String] e.g. `tcp://127.0.0.1:5556`, `ipc:///run/app.log`
      # @return [self]
      # @raise [Error]
      # @since 1.0
      def bind(endpoint)
        @raw.bind(endpoint)
        self
      end

      # Opens one more endpoint on which another one listens.
      # @return [self]
      # @raise [Error]
      # @since 1.0
      def connect(endpoint)
        @raw.connect(endpoint)
        self
      end

      # Closes one endpoint that was bound, and the connections there; the others go on.
      # A handler's listeners get as much of the linger to take what was logged before.
      # @param endpoint [String] as it was given to bind, or as {#endpoints} names it
      # @return [self]
      # @raise [InvalidError] when it is not bound there; the message lists what is
      # @raise [TimeoutError] it is closed, but a listener had not taken all
      # @since 1.1
      def unbind(endpoint)
        @raw.unbind(endpoint)
        self
      end

      # Ends one connection that connect opened. What a handler has queued for it is
      # still sent, for at most the linger.
      # @param endpoint [String] as it was given to connect, or as {#endpoints} names it
      # @return [self]
      # @raise [InvalidError] when it is not connected there; the message lists what is
      # @since 1.1
      def disconnect(endpoint)
        @raw.disconnect(endpoint)
        self
      end

      # Its class and where it is open.
      def inspect
        "#<#{self.class} #{endpoints.join(' ')}>".sub(" >", ">")
      end
    end

    # The library's table of counters, those of these numbers that it knows.
    def counters(numbers)
      numbers.to_h { |number| [Native.zmqlog_count_name(number)&.to_sym, number] }
             .reject { |name, _| name.nil? }.freeze
    end
  end
end
