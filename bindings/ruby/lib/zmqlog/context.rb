# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

module Zmqlog
  # What all records of a block have, whichever object logs them: fields and a subtopic. It belongs
  # to the fiber that runs the block; fibers made in it inherit it, other threads do not.
  # Knows nothing of log calls. Not part of the interface: see {Zmqlog.context}.
  module Context
    KEY = :zmqlog_context
    TAGS = :zmqlog_tags
    NOTHING = {}.freeze
    private_constant :KEY, :TAGS, :NOTHING

    # Fields and subtopic, both frozen.
    State = Struct.new(:thread, :fields, :topic)

    module_function

    # @param is_shown whether the style shows fields: tags are in the text, too
    # @return [Hash] fields of this moment, tags among them
    def fields(is_shown)
      fields = current&.fields || NOTHING
      tags = is_shown ? tags_here : NOTHING
      tags.empty? ? fields : { tags: tags.values.uniq.flatten, **fields }
    end

    # @return [String, nil]
    def topic = current&.topic

    # Whether there is anything here.
    def any? = !current.nil? || !tags_here.empty?

    # Runs the block with more of both.
    def with(topic, fields)
      before = current
      topic = [before&.topic, topic].compact.join(".")
      self.current = State.new(Thread.current, (before&.fields || NOTHING).merge(fields).freeze,
                               topic.empty? ? nil : topic).freeze
      Native.contexts(1)
      yield
    ensure
      Native.contexts(-1)
      self.current = before
    end

    # The call's subtopic behind that of the context.
    def join(subtopic)
      return subtopic unless (topic = self.topic)

      subtopic.nil? || subtopic.empty? ? topic : "#{topic}.#{subtopic}"
    end

    # ActiveSupport's tags: those of any formatter, so the order of broadcasting and
    # tagging does not matter.
    def note_tags(formatter)
      before = tags_here
      tags = before.dup
      now = formatter.current_tags.dup
      now.empty? ? tags.delete(formatter.object_id) : tags[formatter.object_id] = now
      Thread.current[TAGS] = tags
      Native.contexts((tags.empty? ? 0 : 1) - (before.empty? ? 0 : 1))
    end

    def tags_here = Thread.current[TAGS] || NOTHING

    if Fiber.respond_to?(:[]=) # 3.2: storage that fibers inherit, and threads, too
      def current
        state = Fiber[KEY]
        state if state && state.thread.equal?(Thread.current)
      end

      def self.current=(state)
        Fiber[KEY] = state
      end
    else
      def current = Thread.current[KEY]

      def self.current=(state)
        Thread.current[KEY] = state
      end

      # Hands the context on to new fibers.
      module Inherited
        def initialize(**options, &block)
          state = Thread.current[KEY] or return super

          super(**options) do |*arguments|
            Thread.current[KEY] = state
            block.call(*arguments)
          end
        end
      end
      private_constant :Inherited
      ::Fiber.prepend(Inherited)
    end

    # Goes before ActiveSupport::TaggedLogging::Formatter.
    module Tagging
      def push_tags(*) = super.tap { Context.note_tags(self) }
      def pop_tags(*) = super.tap { Context.note_tags(self) }
      def clear_tags! = super.tap { Context.note_tags(self) }
    end

    # Once ActiveSupport is there.
    def watch_tags
      return if @watches || !defined?(::ActiveSupport::TaggedLogging::Formatter)

      ::ActiveSupport::TaggedLogging::Formatter.prepend(Tagging)
      @watches = true
    end
  end

  class << self
    # Runs the block; all records that are logged in it, by whichever handler, view or
    # logger, have these fields and this subtopic, too. Contexts nest. Fibers made in the
    # block inherit it, other threads do not.
    #
    #   Zmqlog.context(request_id: id) { app.call(env) }
    # @param topic [String, Symbol, nil] subtopic, before the call's own
    # @param fields a call's own field of the same key wins
    # @return what the block returns
    # @since 1.1
    def context(topic: nil, **fields, &block)
      raise ArgumentError, "context: give it a block" unless block

      Context.with(topic&.to_s, fields, &block)
    end
  end

  # `context` for handlers, views and loggers.
  module InContext
    # As {Zmqlog.context}.
    # @since 1.1
    def context(topic: nil, **fields, &block)
      Zmqlog.context(topic: topic, **fields, &block)
    end
  end
end
