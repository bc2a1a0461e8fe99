# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

module Zmqlog
  # A named view of a handler with its own subtopic, threshold and fields; made by
  # {Handler#view}. It keeps its handler alive, not open. Any thread may use it.
  # @since 1.0
  class View
    include Calls

    SPEC = { topic: :name, level: :level, fields: :hash }.freeze
    private_constant :SPEC

    # @private
    def initialize(handler, raw, options)
      options = Options.check("View", options, SPEC)
      @handler = handler
      @raw = raw
      @owner, @outlet, @names, @plain = handler.send(:share)
      @raw.set_topic(options[:topic].to_s) if options[:topic]
      Fields.set(@raw, options[:fields]) if options[:fields]
      self.level = options[:level] if options[:level]
    end

    # @return [Handler]
    attr_reader :handler

    # @return [String] what `%(name)s` and json show
    def name = @raw.name

    # @return [Integer] the view's own threshold, 0 (default) to 63
    def level = @raw.level

    # Sets the threshold; live.
    # @param level [Integer, Symbol, String] 0 (everything) to 63, or a name
    # @raise [ArgumentError] there is no such level
    def level=(level)
      @raw.set_level(floor_of(level))
    end

    # A copy with changes; fields are added.
    # @param options as for {Handler#view}
    # @return [View]
    def with(**options) = View.new(@handler, @raw.clone, options)

    # Copies are independent.
    def initialize_copy(original)
      super
      @raw = @raw.clone
    end

    # Its name.
    def inspect = "#<#{self.class} #{name.inspect}>"
  end
end
