# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

module Zmqlog
  # Tells exceptions that another thread or fiber sent (Thread#raise, Fiber#raise, and
  # with these Timeout) from those that a text's own code raised: log calls swallow the
  # second kind only. Ruby keeps no such note, so Thread#raise and Fiber#raise make one
  # here. Knows nothing of log calls. Not part of the interface.
  module Outside
    MARK = :@zmqlog_from_outside
    private_constant :MARK

    module_function

    # Raises the exception again if it, or what caused it, came from outside.
    # @return [nil] it is the text's own
    def pass(exception)
      cause = exception
      while cause
        raise exception if cause.instance_variable_defined?(MARK)

        cause = cause.cause
      end
    end

    # What Thread#raise would raise, with the note; nil for what it would refuse.
    def mark(arguments)
      what, message, backtrace = arguments
      what, message = RuntimeError, what if what.nil? || what.is_a?(::String)
      return unless what.respond_to?(:exception) && arguments.size <= 3

      exception = message.nil? ? what.exception : what.exception(message)
      return unless exception.is_a?(::Exception) && !exception.frozen?

      exception.set_backtrace(backtrace) if backtrace
      exception.instance_variable_set(MARK, true)
      exception
    end

    # Goes before Thread#raise and Fiber#raise.
    module Raise
      def raise(*arguments, **options)
        exception = Outside.mark(arguments)
        exception ? super(exception, **options) : super
      end
    end

    ::Thread.prepend(Raise)
    ::Fiber.prepend(Raise)
  end
end
