# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

module Zmqlog
  # One received record. Its strings are UTF-8 by name; what publishers send may be
  # any bytes (`text.valid_encoding?` tells).
  # @since 1.0
  class Record
    # @return [String] first frame, as it came
    attr_reader :topic
    # @return [String] what stands before the level; all of the topic when no level
    #   was found
    attr_reader :root
    # @return [Integer] 1 to 63; 0 when none was found in the topic
    attr_reader :level
    # @return [String] the level's name as it stands in the topic; "" when none
    attr_reader :level_name
    # @return [String] what follows the level in the topic
    attr_reader :subtopic
    # @return [String] the second frame, as it came; after {#parse} the message in it
    attr_reader :text
    # @return [Integer] when it was received, in ns since 1970
    attr_reader :received_ns
    # @return [Integer] how many records of this topic were lost just before this
    #   one; known for style json
    attr_reader :lost
    # @return [Integer, nil] number of the record under its topic, from 1
    attr_reader :seq
    # @return [String, nil] id of the counter that gave the seq, 16 hex digits
    attr_reader :epoch
    # @return [Integer, nil] the publisher's time in ns since 1970; known after {#parse}
    attr_reader :time_ns
    # @return [String, nil] the logger's name; known after {#parse}
    attr_reader :logger
    # @return [Array(String, Integer, String), nil] file, line and function of the
    #   call; known after {#parse}
    attr_reader :source
    # @return [Hash{String => Object}] fields; known after {#parse}
    attr_reader :fields

    # @private
    def initialize(raw)
      @topic = raw.topic
      @root = raw.root
      @level = raw.level
      @level_name = raw.level_name
      @subtopic = raw.subtopic
      @text = raw.text
      @received_ns = raw.received_ns
      @fields = {}
      read_sequence(raw)
    end

    # @return [Time] when it was received
    def received_at = Time.at(0, @received_ns, :nsec)

    # @return [Time, nil] the publisher's time; known after {#parse}
    def time = @time_ns && Time.at(0, @time_ns, :nsec)

    # Reads the text as a body of style json.
    # @return [self]
    # @raise [FormatError] it is none; nothing has changed then
    def parse
      raw = Native::Record.new
      raw.set_text(@text)
      raw.parse
      @text = raw.text
      time_ns = raw.time_ns
      @time_ns = time_ns unless time_ns == NO_TIME
      @logger = present(raw.logger)
      @source = [raw.source_file, raw.source_line, raw.source_function] unless
        raw.source_file.empty?
      @fields = fields_of(raw)
      read_sequence(raw, @lost)
      self
    end

    # @return [Hash{Symbol => Object}] everything that is known
    def to_h
      { topic: topic, root: root, level: level, level_name: level_name,
        subtopic: subtopic, text: text, received_ns: received_ns, lost: lost, seq: seq,
        epoch: epoch, time_ns: time_ns, logger: logger, source: source,
        fields: fields }.compact
    end

    # For `in { level: 40.., text: }`.
    def deconstruct_keys(_keys) = to_h

    # The topic and the text, as `zmqlog watch` shows them.
    def to_s = "#{topic} | #{text}"

    # Its topic and text.
    def inspect = "#<#{self.class} #{topic.inspect} #{text.inspect}>"

    NO_TIME = -(2**63)
    private_constant :NO_TIME

    private

    def present(text) = text.empty? ? nil : text

    def read_sequence(raw, lost = raw.lost)
      @epoch = present(raw.epoch)
      @seq = @epoch && raw.seq
      @lost = lost
    end

    def fields_of(raw)
      (0...raw.field_count).to_h do |index|
        [raw.field_key(index), JSON.parse(raw.field_json(index), max_nesting: false)]
      end
    end
  end
end
