# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

module Zmqlog
  # The log calls of handlers and views. They never raise and answer true or false:
  # false when the record was refused, dropped, or came too late; each such call is
  # counted. A call that nobody listens to is true, evaluates nothing and costs some
  # ten nanoseconds. Any thread may make them, signal handlers included.
  #
  # @!method debug(text, *arguments, **fields, &block)
  #   Logs a text at level 10; likewise #info 20, #warn 30, #error 40, #critical 50
  #   (also as #fatal), #unknown 60, and the names given as option `levels`.
  #   @example
  #     log.info "hello there"
  #     log.warn "net.http::slow"                    # subtopic net.http
  #     log.error "%s is down", host                 # the host is never scanned
  #     log.info "served", status: 200               # fields
  #     log.debug { "costly: #{table}" }             # only when somebody listens
  #   @param text [String] what stands before its first `::` becomes the subtopic;
  #     other objects are written as Ruby's Logger writes them and never scanned
  #   @param arguments for Kernel#format, when there are any
  #   @param fields seen in style json
  #   @yieldreturn [Object] the text, when none is given; what it raises passes
  #   @return [true, false]
  #   @since 1.0
  #
  # @!method log(level, text, *arguments, **fields, &block)
  #   Logs at any level.
  #   @param level [Integer, Symbol, String] 1 to 63 or a name, in any case
  #   @return [true, false]
  #   @since 1.0
  #
  # @!method log_topic(level, subtopic, text, *arguments, **fields, &block)
  #   Logs under a given subtopic; the text is never scanned.
  #   @param subtopic [String, Symbol] bytes; what the topic does not take is cut
  #   @return [true, false]
  #   @since 1.0
  module Calls
    include InContext

    Native.define_calls(self)

    # Names that are methods, and their levels.
    METHODS = { debug: 10, info: 20, warn: 30, error: 40, critical: 50, unknown: 60 }.freeze
    private_constant :METHODS

    alias fatal critical
    alias warning warn

    # Whether a record of that level would be taken now.
    # @param level [Integer, Symbol, String]
    # @since 1.0
    def enabled?(level)
      number = number_of(level)
      !number.nil? && @raw.enabled(number) == 1
    end

    METHODS.each do |name, level|
      define_method(:"#{name}?") { @raw.enabled(level) == 1 }
    end
    alias fatal? critical?
    alias warning? warn?

    # Logs with everything a record can hold.
    # @param text [Object] never scanned
    # @param level [Integer, Symbol, String]
    # @param subtopic [String, Symbol, nil]
    # @param logger [String, nil] instead of the view's name
    # @param time [Time, nil] instead of now
    # @param source [Array(String, Integer, String), nil] file, line and method
    # @param thread_name [String, nil] what `%(threadName)s` shows
    # @param fields [Hash]
    # @return [true, false]
    # @since 1.0
    def log_record(text, level: :info, subtopic: nil, logger: nil, time: nil, source: nil,
                   thread_name: nil, fields: {})
      number = number_of(level)
      return @outlet.refuse if number.nil? || text.nil?
      return true if @raw.enabled(number).zero? && @owner.enabled(number) == 1

      text = @outlet.attempt { Support.text_of(text) }
      return @outlet.refuse unless text

      send_record(number, subtopic&.to_s, text,
                  in_context(number, fields).first) do |record|
        record.set_logger(logger) if logger
        record.set_time_ns((Rational(time) * 1_000_000_000).to_i) if time
        record.set_thread_name(thread_name) if thread_name
        record.set_source(*source) if source
      end
    end

    private

    # What the hot calls leave to do. What a block raises belongs to the caller.
    def speak(level, subtopic, arguments, has_keywords, block)
      fields = arguments.pop if has_keywords
      if arguments.empty?
        return @outlet.refuse unless block || fields

        arguments << (block ? block.call : "")
      end
      say(level, subtopic, fields, *arguments)
    end

    def say(level, subtopic, fields, text, *arguments)
      # Not is_a?: a BasicObject has none.
      fields = @outlet.attempt { with_exception(level, fields, text) } if ::Exception === text
      fields, is_record = in_context(level, fields)
      subtopic, text = @outlet.attempt do
        parts_of(level, subtopic, text, arguments, is_record)
      end
      return @outlet.refuse if text.nil?
      return send_text(level, subtopic, text) unless is_record

      send_record(level, subtopic, text, fields || {})
    end

    # Subtopic and text; a subtopic of nil is still to be looked for.
    def parts_of(level, subtopic, text, arguments, is_record)
      return if text.nil?
      unless text.is_a?(::String)
        text = ::Exception === text && is_record ? shown(level, text) : Support.text_of(text)
        return [subtopic || "", text]
      end
      return [subtopic, text] if arguments.empty? && !is_record

      text = Support.utf8(text)
      subtopic, text = split(level, text, !arguments.empty?) if subtopic.nil?
      [subtopic, arguments.empty? ? text : formatted(text, arguments)]
    end

    # An exception that is logged is a field, where fields are shown.
    def with_exception(level, fields, error)
      return fields unless @outlet.shows_fields?(level)

      { exception: Support.exception_data(error), **(fields || {}) }
    end

    def shown(level, error)
      @outlet.shows_fields?(level) ? Support.exception_line(error) : Support.text_of(error)
    end

    # The call's fields over those of the context; whether it takes a record.
    def in_context(level, fields)
      return [fields, fields || @outlet.with_source?] unless Context.any?

      [{ **Context.fields(@outlet.shows_fields?(level)), **(fields || {}) }, true]
    end

    # Exceptions among the fields are text where fields are not shown.
    def with_backtraces(level, text, fields)
      errors = fields.values.grep(::Exception)
      return text if errors.empty? || @outlet.shows_fields?(level)

      [text, *errors.map { |error| Support.text_of(error) }].join("\n")
    end

    def send_text(level, subtopic, text)
      @outlet.deliver(text.bytesize + subtopic.to_s.bytesize) do
        subtopic ? @raw.log_topic(level, subtopic, text) : @raw.log(level, text)
      end
    end

    def send_record(level, subtopic, text, fields, &more)
      @outlet.with_record do |record|
        bytes = @outlet.attempt { fill(record, level, subtopic, text, fields, &more) }
        return @outlet.refuse unless bytes

        @outlet.deliver(bytes) { @raw.log_record(record) }
      end
    end

    # @return [Integer] about how many bytes the record takes
    def fill(record, level, subtopic, text, fields)
      record.set_level(level)
      subtopic = Context.join(subtopic)
      record.set_subtopic(subtopic) unless subtopic.nil? || subtopic.empty?
      record.set_text(with_backtraces(level, text, fields))
      bytes = Fields.set_anyway(record, fields)
      record.set_source(*Support.caller_source) if @outlet.with_source?
      yield record if block_given?
      text.bytesize + subtopic.to_s.bytesize + bytes
    end

    # A prefix with a conversion is no subtopic: without it the arguments would be
    # shifted.
    def split(level, text, is_format)
      length, start = @raw.split(level, text)
      subtopic = text.byteslice(0, length)
      return ["", text] if is_format && subtopic.include?("%")

      [subtopic, text.byteslice(start..)]
    end

    def formatted(text, arguments)
      Support.format_text(text, arguments)
    rescue ArgumentError, TypeError, KeyError, EncodingError => e
      Outside.pass(e)
      "#{text} [#{e.message}]"
    end

    def number_of(level)
      case level
      when ::Integer then level if level.between?(1, 63)
      when ::String, ::Symbol
        @names[level.to_s.upcase] || Zmqlog.level_number(level)
      end
    rescue ArgumentError, EncodingError => e
      Outside.pass(e) # else: bytes that are no text
    end

    # The number of a level that is set as an option; 0 is "everything".
    def floor_of(level)
      return 0 if level == 0

      number_of(level) ||
        raise(ArgumentError, Options.unknown("no level", level, known_levels))
    end

    def known_levels
      (@names.keys + %w[DEBUG INFO WARN ERROR CRITICAL]).map { |name| name.downcase.to_sym }
    end
  end
end
