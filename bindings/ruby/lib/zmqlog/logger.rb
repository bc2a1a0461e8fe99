# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause
require "logger"

module Zmqlog
  # Ruby's Logger on a handler: the same severities, level, progname, formatter and
  # blocks, so that it can stand in for one anywhere, Rails and Rack included.
  #
  #   logger = Zmqlog::Logger.new(handler, progname: "web")
  #   logger.info "started"                        # topic myprogram.INFO
  #   logger.debug { "costly" }                    # only when somebody listens
  #
  # - The message is the record's text, as #formatter gives it; without one, the
  #   message alone: watchers show time and level themselves. It is never scanned for
  #   `::` unless told with `scan`.
  # - FATAL is level 50, UNKNOWN and all other numbers 60, named `UNKNOWN`.
  # - Log calls answer true or false and never raise, but for what a block raises.
  # - `debug?` and its kind are also false while nobody listens, unless the logger was
  #   extended to feed others as well.
  # - `dup` and `clone` are independent loggers on the same handler.
  # @since 1.0
  class Logger < ::Logger
    include InContext

    Native.define_add(self)
    alias log add

    # A message on its way, and what a device has to know of it.
    class Line < ::String
      attr_accessor :level, :progname, :subtopic, :error
    end

    # What stands where Ruby's Logger has its file: other people's `add` write to it.
    class Device
      def initialize(logger)
        @logger = logger
      end

      def write(line) = @logger.send(:write, line)
      def reopen(_device = nil) = self
      def close = @logger.send(:close_handler)
    end
    private_constant :Line, :Device

    LEVELS = { "DEBUG" => 10, "INFO" => 20, "WARN" => 30, "ERROR" => 40,
               "FATAL" => 50 }.freeze
    private_constant :LEVELS

    # Opens a handler and a logger on it; with a block, closes them afterwards.
    # @param options those of {#initialize} and, all others, of {Handler.open}
    # @return [Logger, Object] or the block's value
    def self.open(level: ::Logger::DEBUG, progname: nil, formatter: nil, topic: nil, fields: nil,
                  scan: false, raw_level: nil, **options)
      handler = Handler.new(**options)
      logger = new(handler, level: level, progname: progname, formatter: formatter,
                            topic: topic, fields: fields, scan: scan, raw_level: raw_level)
      logger.instance_variable_set(:@owned, true)
      return logger unless block_given?

      begin
        yield logger
      ensure
        handler.send(:close_quietly)
      end
    end

    # @param handler [Handler] it is kept alive, not open
    # @param level [Integer, Symbol, String] a severity: `:info`, `Logger::INFO`
    # @param progname [String, nil] the logger's name in `%(name)s` and json
    # @param formatter [#call, nil] gets severity, time, progname and message
    # @param datetime_format kept, for a formatter's use
    # @param topic [String, Symbol, nil] subtopic of all records
    # @param fields [Hash, nil] in all records
    # @param scan [Boolean] look for `::` in messages
    # @param raw_level [Integer, Symbol, String, nil] the severity of `<<` lines, such as
    #   those of Rack::CommonLogger: `:info`, `Logger::INFO`; nil: UNKNOWN
    # @raise [ArgumentError] invalid level
    # @raise [TypeError] not a handler
    def initialize(handler, level: ::Logger::DEBUG, progname: nil, formatter: nil,
                   datetime_format: nil, topic: nil, fields: nil, scan: false, raw_level: nil)
      unless handler.is_a?(Handler)
        raise TypeError, "Logger: a Zmqlog::Handler is needed, not #{handler.inspect}"
      end

      Context.watch_tags
      @handler = handler
      @owner, @outlet = handler.send(:share)
      @scan = scan
      @raw_level = severity_level(raw_level)
      see_whether_plain
      @named = {}
      @topic = Options.expect(:name, topic, "Logger: topic").to_s if topic
      @fields = Options.expect(:hash, fields, "Logger: fields").dup if fields
      super(nil, level: level, progname: progname, formatter: formatter,
                 datetime_format: datetime_format)
      @logdev = Device.new(self)
    end

    # @return [Handler]
    attr_reader :handler

    # Changes the logger's name in the records to come.
    # @param progname [String, nil]
    def progname=(progname)
      super
      @raw = new_raw
    end

    # A copy whose records have these fields, too.
    # @param fields [Hash]
    # @return [Logger]
    def with(**fields)
      copy = dup
      copy.send(:add_fields, fields)
      copy
    end

    # Logs a text as it is, without the newline at its end, at `raw_level`: it has no
    # severity.
    # @return [true, false]
    def <<(message)
      text = @outlet.attempt { Support.string(message).chomp }
      text ? write(text, @raw_level) : @outlet.refuse
    end

    # Closes the handler if {.open} has made it; else does nothing. What is left over
    # after its `linger_ms` is only counted.
    # @return [nil]
    def close
      close_handler
    end

    # Nothing to open again.
    def reopen(_device = nil) = self

    # From now on it may feed others, too: the gate says nothing about them.
    def extend(*)
      super
      @extended = true
      see_whether_plain
      self
    end

    { debug: 10, info: 20, warn: 30, error: 40, fatal: 50 }.each do |name, level|
      define_method(:"#{name}?") do
        super() && (@extended || @owner.enabled(level) == 1)
      end
    end

    # Copies share the handler and nothing else.
    def initialize_copy(original)
      super
      @raw = @raw.clone
      @named = {}
      @logdev = Device.new(self)
    end

    # Its progname and level.
    def inspect = "#<#{self.class} #{@raw.name.inspect} level #{level}>"

    private

    def new_raw(name = progname.to_s)
      raw = Native::Logger.new(@owner, Support.name(name))
      raw.set_topic(@topic) if @topic
      Fields.set(raw, @fields) if @fields
      raw
    end

    # The library's level of a severity by number or name.
    def severity_level(severity)
      return UNKNOWN_LEVEL if severity.nil?

      name = severity.is_a?(::Integer) ? format_severity(severity) : severity.to_s.upcase
      LEVELS[name] || (%w[ANY UNKNOWN].include?(name) && UNKNOWN_LEVEL) ||
        raise(ArgumentError, "Logger: raw_level: invalid log level: #{severity}")
    end

    def add_fields(fields)
      @fields = (@fields || {}).merge(fields)
      @named = {}
      @raw = new_raw
    end

    def close_handler
      @handler.send(:close_quietly) if @owned
      nil
    end

    # Whether the hot call may do what #format_message would: unless others have one.
    def see_whether_plain
      @plain = !@scan && !@outlet.with_source? &&
               method(:format_message).owner.equal?(Logger)
    end

    def singleton_method_added(name)
      super
      see_whether_plain if name == :format_message
    end

    # What the hot call leaves to do.
    def emit(severity, level, progname, message)
      line = if @plain
               formatted(severity, progname, message)
             else
               guarded do
                 format_message(format_severity(severity), Time.now, progname, message)
               end
             end
      line ? write(line, level, progname) : false
    end

    # The text of a message, or nil.
    def formatted(severity, progname, message)
      guarded do
        label = format_severity(severity)
        next body(label, nil, progname, message) unless message.is_a?(::Exception)

        line_of(label, nil, progname, message)
      end
    end

    # What the block makes; nil, counted and told of, when it raises. Nothing in it
    # waits.
    def guarded
      yield
    rescue *Support::FAILURES => e
      Outside.pass(e)
      complain(e)
      nil
    end

    def body(label, time, progname, message)
      return Support.text_of(message) unless (formatter = @formatter)

      # A newline at the end is for files, as Rails' formatters write it.
      Support.string(formatter.call(label, time || Time.now, progname, message)).chomp
    end

    # As Ruby's own; what comes out knows where it belongs.
    def format_message(severity, time, progname, message)
      subtopic, message = split(severity, message) if @scan && message.is_a?(::String)
      line = line_of(severity, time, progname, message)
      line.progname = progname
      line.subtopic = subtopic
      line
    end

    # An exception that is logged is a field, where fields are shown.
    def line_of(severity, time, progname, message)
      level = LEVELS.fetch(severity, UNKNOWN_LEVEL)
      if message.is_a?(::Exception) && !@formatter && @outlet.shows_fields?(level)
        line = Line.new(Support.exception_line(message))
        line.error = message
      else
        line = Line.new(body(severity, time, progname, message))
      end
      line.level = level
      line
    end

    UNKNOWN_LEVEL = 60
    private_constant :UNKNOWN_LEVEL

    def split(severity, message)
      message = Support.utf8(message)
      length, start = @raw.split(LEVELS.fetch(severity, UNKNOWN_LEVEL), message)
      [message.byteslice(0, length), message.byteslice(start..)]
    end

    def write(line, level = nil, name = nil)
      line = Support.string(line)
      if line.is_a?(Line)
        level ||= line.level
        name ||= line.progname
        subtopic = line.subtopic
      end
      send_line(line, level || UNKNOWN_LEVEL, name, subtopic)
    end

    def send_line(line, level, name, subtopic)
      raw = @outlet.attempt { name.nil? || name.equal?(@progname) ? @raw : named(name.to_s) }
      return @outlet.refuse unless raw
      if @outlet.with_source? || Context.any? || (line.is_a?(Line) && line.error)
        return send_record(raw, line, level, subtopic)
      end

      @outlet.deliver(line.bytesize) { raw.log_topic(level, subtopic, line) }
    end

    def send_record(raw, line, level, subtopic)
      source = Support.caller_source if @outlet.with_source?
      @outlet.with_record do |record|
        record.set_level(level)
        record.set_subtopic(Context.join(subtopic))
        record.set_text(line)
        record.set_source(*source) if source
        @outlet.attempt { Fields.set_anyway(record, fields_of(line, level)) }
        @outlet.deliver(line.bytesize) { raw.log_record(record) }
      end
    end

    def fields_of(line, level)
      fields = Context.fields(@outlet.shows_fields?(level))
      line.is_a?(Line) && line.error ? { exception: line.error, **fields } : fields
    end

    # Names of single calls tend to be few.
    def named(name)
      @named[name] || begin
        @named.clear if @named.size >= NAMES_MAX
        @named[name] = new_raw(name)
      end
    end

    NAMES_MAX = 64
    private_constant :NAMES_MAX

    # A formatter that fails would otherwise lose every record unseen.
    def complain(error)
      unless @complained == error.class
        @complained = error.class unless frozen?
        @outlet.warn("zmqlog: a record could not be formatted: #{error.message} " \
                     "(#{error.class})")
      end
      @outlet.refuse
    end
  end
end
