# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause
require "json"
require "time"

module Zmqlog
  # Ruby values as fields of records and loggers. Not part of the interface.
  module Fields
    INT64 = (-(2**63)..(2**63 - 1)).freeze
    DEEPEST = 32
    private_constant :INT64, :DEEPEST

    module_function

    # Sets each field; raises for one that the library refuses.
    def set(raw, fields)
      fields.each { |key, value| set_one(raw, key.to_s, value) }
    end

    # Sets each field; one that is refused leaves word of that in its place.
    # @return [Integer] about how many bytes they take
    def set_anyway(raw, fields)
      fields.sum do |key, value|
        key = key.to_s
        begin
          set_one(raw, key, value)
        rescue *Support::FAILURES => e
          Outside.pass(e)
          note_refusal(raw, key, e)
        end
        key.bytesize + (value.respond_to?(:bytesize) ? value.bytesize : 64)
      end
    end

    def set_one(raw, key, value)
      case value
      when ::String, ::Symbol then raw.set_field_string(key, value.to_s)
      when true, false then raw.set_field_bool(key, value ? 1 : 0)
      when ::Integer then set_integer(raw, key, value)
      when ::Float then raw.set_field_double(key, value)
      when ::Exception
        raw.set_field_json(key, JSON.generate(plain(Support.exception_data(value))))
      when ::Hash, ::Array, nil then raw.set_field_json(key, JSON.generate(plain(value)))
      else raw.set_field_string(key, text(value))
      end
    end

    def set_integer(raw, key, value)
      return raw.set_field_int(key, value) if INT64.cover?(value)

      raw.set_field_json(key, value.to_s)
    end

    def note_refusal(raw, key, error)
      raw.set_field_string(key, "(#{error.message})")
    rescue *Support::FAILURES => e
      Outside.pass(e) # else: not even the key can be used
      raw.set_field_string("!BADKEY", "(#{error.message})")
    end

    # What JSON can say: bytes that are no text become U+FFFD, numbers that are none
    # null, and what is nested too deeply its own words.
    def plain(value, depth = 0)
      case value
      when nil, true, false, ::Integer then value
      when ::Float then value.finite? ? value : nil
      when ::String, ::Symbol then clean(value.to_s)
      when ::Hash, ::Array then depth < DEEPEST ? nested(value, depth + 1) : "..."
      else clean(text(value))
      end
    end

    def nested(value, depth)
      return value.map { |item| plain(item, depth) } if value.is_a?(::Array)

      value.to_h { |key, item| [clean(key.to_s), plain(item, depth)] }
    end

    def clean(string)
      string = string.dup.force_encoding(Encoding::UTF_8) if string.encoding == Encoding::BINARY
      string.encode(Encoding::UTF_8, invalid: :replace, undef: :replace).scrub
    end

    def text(value)
      case value
      when ::Time then value.iso8601(9)
      when ::Exception then "#{value.message} (#{value.class})"
      else Support.string(value)
      end
    end
  end
end
