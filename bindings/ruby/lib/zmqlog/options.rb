# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause
begin
  require "did_you_mean/spell_checker"
rescue LoadError
  nil # without it there are no suggestions
end

module Zmqlog
  # Keyword options: a name that is not known raises ArgumentError, a value of the
  # wrong kind TypeError, before anything happens. Not part of the interface.
  module Options
    KINDS = {
      string: ["a String", ->(value) { value.is_a?(::String) }],
      boolean: ["true or false", ->(value) { [true, false].include?(value) }],
      integer: ["an Integer", ->(value) { value.is_a?(::Integer) }],
      hash: ["a Hash", ->(value) { value.is_a?(::Hash) }],
      name: ["a String or a Symbol",
             ->(value) { value.is_a?(::String) || value.is_a?(::Symbol) }],
      level: ["an Integer, a String or a Symbol",
              ->(value) { [::Integer, ::String, ::Symbol].any? { |k| k === value } }],
      strings: ["a String or an Array of Strings",
                ->(value) { list(value).all?(::String) }],
      integers: ["an Integer or an Array of Integers",
                 ->(value) { list(value).all?(::Integer) }],
      auth: ["a Zmqlog::Auth or a Hash of its options",
             ->(value) { value.is_a?(Auth) || value.is_a?(::Hash) }],
      socket: ["the address of a socket, or an object that has it",
               ->(value) { !address(value).nil? }]
    }.freeze
    private_constant :KINDS

    module_function

    # @param spec [Hash{Symbol => Symbol}] options and their kinds
    # @return [Hash] the options without those that are nil
    def check(what, given, spec)
      given = given.transform_keys { |name| name.respond_to?(:to_sym) ? name.to_sym : name }
      given.each do |name, value|
        unless spec.key?(name)
          raise ArgumentError, unknown("#{what}: no option", name, spec.keys)
        end

        expect(spec[name], value, "#{what}: #{name}") unless value.nil?
      end
      given.compact
    end

    # Raises unless the value is of the kind.
    def expect(kind, value, name)
      words, test = KINDS.fetch(kind)
      return value if test.call(value)

      raise TypeError, "#{name} must be #{words}, not #{value.inspect}"
    end

    # "no X :word", and which one may have been meant.
    def unknown(what, word, names)
      text = "#{what} #{word.inspect}"
      near = nearest(word, names)
      near ? "#{text} (did you mean #{near.inspect}?)" : text
    end

    def nearest(word, names)
      return unless defined?(DidYouMean::SpellChecker)

      DidYouMean::SpellChecker.new(dictionary: names).correct(word.to_s).first ||
        names.find { |name| name.to_s.start_with?(word.to_s) && word.to_s.size > 2 }
    end

    # Calls a setter for one or for each of many.
    def each(value, &block) = list(value).each(&block)

    # Not Array(): that would ask objects that are no lists, and some wait then.
    def list(value)
      return value if value.is_a?(::Array)

      value.nil? ? [] : [value]
    end

    # Where a socket of libzmq is; nil for what is none. Integers are believed.
    # @param value [Integer, FFI::Pointer, Fiddle::Pointer, ZMQ::Socket]
    def address(value)
      case value
      when ::Integer then value
      when ->(v) { defined?(::Fiddle::Pointer) && v.is_a?(::Fiddle::Pointer) } then value.to_i
      when ->(v) { defined?(::FFI::Pointer) && v.is_a?(::FFI::Pointer) } then value.address
      when ->(v) { defined?(::ZMQ::Socket) && v.is_a?(::ZMQ::Socket) }
        address(value.socket) if value.respond_to?(:socket)
      end
    end
  end
end
