# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause
require_relative "lib/zmqlog/version"

Gem::Specification.new do |spec|
  spec.name = "zmqlog"
  spec.version = Zmqlog::VERSION
  spec.summary = "Log broadcasting over ZeroMQ PUB/SUB"
  spec.description = <<~TEXT
    Publishes log records as [topic, message] frames that any SUB socket can listen to
    by prefix, and receives them. A log call nobody listens to costs nanoseconds, one
    that somebody listens to never waits for the network. Stands in for Ruby's Logger,
    in Rails, Rack and forking servers. Needs libzmqlog.
  TEXT
  spec.authors = ["libzmqlog developers"]
  spec.homepage = "https://github.com/libzmqlog/libzmqlog"
  spec.license = "BSD-3-Clause"
  spec.required_ruby_version = ">= 3.1"
  spec.files = Dir.chdir(__dir__) do
    Dir["lib/**/*.rb", "ext/zmqlog/*.{c,h,rb}", "LICENSE"].sort
  end
  spec.extensions = ["ext/zmqlog/extconf.rb"]
  spec.require_paths = ["lib"]
  spec.metadata = { "rubygems_mfa_required" => "true" }
end
