# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# A Rails application with `config.zmqlog`: its log arrives, with tags and request ids.
require "stringio"
begin
  verbose = $VERBOSE
  $VERBOSE = nil
  require "logger"
  require "rails"
  require "action_controller/railtie"
rescue LoadError => e
  puts "SKIPPED: #{e.message}: install ruby-railties"
  exit! 77
ensure
  $VERBOSE = verbose
end
require_relative "helper" # zmqlog finds a Rails

COLLECTOR = Zmqlog::Subscriber.open(bind: "tcp://127.0.0.1:*")
FILE = StringIO.new

class Shop < Rails::Application
  config.eager_load = false
  config.secret_key_base = "x" * 32
  config.hosts.clear if config.respond_to?(:hosts)
  config.logger = ActiveSupport::TaggedLogging.new(ActiveSupport::Logger.new(FILE))
  config.log_tags = [->(_) { "shop" }]
  config.zmqlog.connect = COLLECTOR.endpoint
  config.zmqlog.root_topic = "shop"
  config.zmqlog.style = "json"
  config.zmqlog.linger_ms = 5000
end

class OrdersController < ActionController::Base
  def show
    logger.info "order paid"
    render plain: "paid"
  end
end

verbose = $VERBOSE
$VERBOSE = nil
Shop.initialize!
Shop.routes.draw { get "/orders", to: "orders#show" }
$VERBOSE = verbose

class RailtieTest < Minitest::Test
  def next_with(text)
    loop do
      record = COLLECTOR.recv(timeout: DEADLINE)
      flunk "#{text} did not come" unless record
      return record.tap(&:parse) if record.text.include?(text)
    end
  end

  def test_the_log_goes_to_both
    Rails.logger.warn "beside the file"
    assert_equal "shop.WARN", next_with("beside the file").topic
    assert_includes FILE.string, "beside the file"
  end

  def test_a_request_has_its_id_and_its_tags
    status, = Shop.call(Rack::MockRequest.env_for("/orders", "HTTP_X_REQUEST_ID" => "r-17"))
    assert_equal 200, status
    record = next_with("order paid")
    assert_equal "r-17", record.fields["request_id"]
    assert_includes record.fields["tags"], "shop"
  end

  def test_silence_keeps_the_rest
    Rails.logger.silence do
      Rails.logger.info "silent"
      Rails.logger.error "loud"
    end
    assert_equal "shop.ERROR", next_with("loud").topic
  end

  def test_a_worker_of_parallel_tests_logs_too
    child = fork { Rails.logger.info "from another" }
    Process.wait(child)
    assert_equal "shop.INFO", next_with("from another").topic
  end

  def test_nothing_happens_without_an_endpoint
    assert_nil Zmqlog::Railtie.start(nil, ActiveSupport::OrderedOptions.new)
  end
end
