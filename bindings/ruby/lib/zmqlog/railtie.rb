# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause
require "rails/railtie"
require "active_support/logger"
require "active_support/logger_silence"
require "zmqlog"

module Zmqlog
  # Rails' log beside the file it goes to already. Loaded with the gem where there is a
  # Rails; in config/environments/production.rb:
  #
  #   config.zmqlog.connect = "ipc:///run/watch.sock"
  #   config.zmqlog.root_topic = "shop"
  #
  # All options of {Zmqlog::Logger.open} are there; without `bind` and `connect` nothing
  # happens. Each request has its id as the field `request_id` (`config.zmqlog.request_id
  # = false`: none), and the tags of `config.log_tags` are the field `tags` where the
  # style shows fields. `silence` works as for any logger of Rails. In parallel tests the
  # workers are forked: with `connect` they log, too.
  # @since 1.1
  class Railtie < ::Rails::Railtie
    # Rails' logger on a handler, with `silence`.
    class Logger < ::Zmqlog::Logger
      include ::ActiveSupport::LoggerSilence
    end

    # Gives all records of a request its id.
    class RequestId
      # @param app [#call] the next one
      def initialize(app)
        @app = app
      end

      # @param env [Hash] the request's
      def call(env)
        id = env["action_dispatch.request_id"]
        id ? Zmqlog.context(request_id: id) { @app.call(env) } : @app.call(env)
      end
    end

    # What is no option of the logger's.
    OWN = %i[request_id].freeze
    private_constant :OWN

    config.zmqlog = ::ActiveSupport::OrderedOptions.new

    initializer "zmqlog.logger", after: :initialize_logger do |app|
      Railtie.start(app, app.config.zmqlog)
    end

    class << self
      # Opens the logger and has Rails' logger feed it, too; by the initializer.
      # @param app [::Rails::Application]
      # @param given [::ActiveSupport::OrderedOptions] config.zmqlog
      # @return [Logger, nil]
      def start(app, given)
        options = given.to_h.compact
        return unless options[:bind] || options[:connect]

        add_request_id(app) unless options[:request_id] == false
        logger = Logger.open(**options.except(*OWN))
        add(logger)
        logger
      end

      private

      def add_request_id(app)
        app.config.middleware.insert_after(::ActionDispatch::RequestId, RequestId)
      rescue ::NameError
        nil # no requests here
      end

      # 7.1 and later have an object for that; before, a logger is extended.
      def add(logger)
        theirs = ::Rails.logger
        if theirs.respond_to?(:broadcast_to)
          theirs.broadcast_to(logger)
        elsif ::ActiveSupport::Logger.respond_to?(:broadcast)
          theirs.extend(::ActiveSupport::Logger.broadcast(logger))
        else
          ::Rails.logger = Zmqlog.broadcast(theirs, logger)
        end
      end
    end
  end
end
