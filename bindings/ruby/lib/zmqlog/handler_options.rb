# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

module Zmqlog
  # The options of {Handler.open}: checked, then given to the library in an order in
  # which each finds what it needs. Not part of the interface.
  module HandlerOptions
    SPEC = {
      bind: :strings, connect: :strings, attach: :socket,
      root_topic: :name, level: :level, level_names: :name, levels: :hash,
      delimiter: :string, style: :name, styles: :hash, time_format: :string,
      source: :boolean, overflow: :name, block_ms: :integer, queue_bytes: :integer,
      max_body_bytes: :integer, send_hwm: :integer, slow_peer: :hash, hold_ms: :integer,
      heartbeat_ms: :integer, linger_ms: :integer, drop_notice: :boolean,
      announce: :boolean, backlog: :hash, auth: :auth
    }.freeze

    SLOW_PEER = %i[stall_ms budget_ms share_percent].to_h do |name|
      [name, Native.zmqlog_handler_default(name.to_s)]
    end.freeze
    BACKLOG = { level: :level, bytes: :integer }.freeze
    POLICIES = { drop_newest: "OVERFLOW_DROP_NEWEST", drop_oldest: "OVERFLOW_DROP_OLDEST",
                 block: "OVERFLOW_BLOCK" }.transform_values do |name|
      Native.zmqlog_constant(name)
    end.freeze
    UNKNOWN_NAME = "UNKNOWN"

    module_function

    # @return [Hash] the options that were given
    def check(given)
      options = Options.check("Handler", given, SPEC)
      if options[:slow_peer]
        Options.check("Handler: slow_peer", options[:slow_peer],
                      SLOW_PEER.transform_values { :integer })
      end
      Options.check("Handler: backlog", options[:backlog], BACKLOG) if options[:backlog]
      options[:levels]&.each do |name, number|
        Options.expect(:name, name, "Handler: a name in levels")
        Options.expect(:integer, number, "Handler: levels: #{name}")
      end
      options[:auth] = Auth.from(options[:auth]) if options[:auth]
      options
    end

    # @return [Integer] the number of a policy
    def policy(what, name)
      POLICIES.fetch(name.to_s.downcase.to_sym) do
        raise ArgumentError,
              Options.unknown("#{what}: no overflow policy", name.to_sym, POLICIES.keys)
      end
    end

    def apply(raw, options)
      raw.set_level_names(options[:level_names].to_s) if options[:level_names]
      options[:levels]&.each { |name, number| raw.set_level_name(number, name.to_s.upcase) }
      name_unknown(raw, options[:levels] || {})
      raw.set_root_topic(options[:root_topic].to_s) if options[:root_topic]
      %i[delimiter time_format max_body_bytes queue_bytes send_hwm linger_ms
         hold_ms heartbeat_ms].each do |name|
        raw.public_send(:"set_#{name}", options[name]) if options.key?(name)
      end
      apply_overflow(raw, options)
      raw.set_drop_notice(options[:drop_notice] ? 1 : 0) if options.key?(:drop_notice)
      raw.set_announce(options[:announce] ? 1 : 0) if options.key?(:announce)
      raw.set_auth(options[:auth].send(:raw)) if options[:auth]
    end

    # Ruby's UNKNOWN has a level and a name here, unless the user has other plans.
    def name_unknown(raw, levels)
      taken = levels.values.include?(UNKNOWN) ||
              levels.keys.any? { |name| name.to_s.casecmp?(UNKNOWN_NAME) }
      raw.set_level_name(UNKNOWN, UNKNOWN_NAME) unless taken
    end

    def apply_overflow(raw, options)
      # Waiting is done in Ruby, so that other threads run meanwhile.
      raw.set_overflow(policy("Handler", options[:overflow]), 0) if options[:overflow]
      return unless options[:slow_peer]

      slow = SLOW_PEER.merge(options[:slow_peer].transform_keys(&:to_sym).compact)
      raw.set_slow_peer(slow[:stall_ms], slow[:budget_ms], slow[:share_percent])
    end

    # What names levels: needs the names. Yields to turn one into a number.
    def apply_levels(raw, outlet, options)
      raw.set_level(yield(options[:level])) if options[:level]
      apply_style(raw, outlet, 0, options[:style]) if options[:style]
      apply_backlog(raw, options[:backlog]) { |level| yield(level) } if options[:backlog]
      options[:styles]&.each do |level, style|
        apply_style(raw, outlet, yield(level), Options.expect(:name, style, "Handler: a style"))
      end
    end

    def apply_backlog(raw, backlog)
      backlog = backlog.transform_keys(&:to_sym).compact
      level = backlog[:level]
      raw.set_backlog(level ? yield(level) : Native.zmqlog_handler_default("backlog_level"),
                      backlog[:bytes] || Native.zmqlog_handler_default("backlog_bytes"))
    end

    def apply_style(raw, outlet, level, style)
      raw.set_style(level, style.to_s)
      outlet.note_style(level, style.to_s)
    end

    def open(raw, options)
      raw.attach(Options.address(options[:attach])) if options[:attach]
      Options.each(options[:bind]) { |endpoint| raw.bind(endpoint) }
      Options.each(options[:connect]) { |endpoint| raw.connect(endpoint) }
      # $ZMQLOG_URL, else for this machine.
      raw.open("") unless %i[bind connect attach].any? { |name| options.key?(name) }
    end
  end
  private_constant :HandlerOptions
end
