# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

module Zmqlog
  # What the library answers when it cannot do something; one subclass for each
  # status. Wrong types and unknown options are TypeError and ArgumentError.
  # @since 1.0
  class Error < StandardError
    # @return [Integer] the library's status, e.g. -17
    attr_reader :status

    # @return [String] the status by name, e.g. `"EADDRINUSE"`
    def status_name = Native.zmqlog_status_name(status)

    def initialize(message = nil, status = self.class::STATUS)
      @status = status
      super(message || Native.zmqlog_strerror(status))
    end

    # No particular status.
    STATUS = 0

    @classes = {}

    # @private
    # What a status is raised as. The library's details, where there are any, are
    # better than its general words.
    def self.of(status, detail = nil)
      detail = nil if detail && detail.empty?
      detail &&= worded(detail)
      (Error.classes[status] || Error).new(detail, status)
    end

    # @private
    # The library's words, with the option as it is called here in the place of the
    # function of C.
    def self.worded(detail)
      option, rest = detail.match(/\Aset_([a-z_]+): (.*)\z/m)&.captures
      return detail unless option

      option = "levels" if option == "level_name"
      rest.start_with?("#{option} ") ? rest : "#{option}: #{rest}"
    end

    # @private
    def self.define(name, status)
      error = Class.new(self) { const_set(:STATUS, status) }
      Error.classes[status] = error
      Zmqlog.const_set(name, error)
    end

    class << self
      # @private
      attr_reader :classes
    end
  end

  # @!parse
  #   # Nothing there, or not queued.
  #   class WouldBlockError < Error; end
  #   # The time ran out first.
  #   class TimeoutError < Error; end
  #   # Ended by a wakeup.
  #   class InterruptedError < Error; end
  #   # An argument is wrong.
  #   class InvalidError < Error; end
  #   # Out of memory.
  #   class MemoryError < Error; end
  #   # Not possible now: not open yet, or open already.
  #   class StateError < Error; end
  #   # It has been closed.
  #   class ClosedError < Error; end
  #   # Inherited by fork and not usable in the child.
  #   class ForkedError < Error; end
  #   # This handle or this libzmq cannot do that.
  #   class UnsupportedError < Error; end
  #   # A documented limit would be exceeded.
  #   class LimitError < Error; end
  #   # Somebody else has this endpoint.
  #   class AddressInUseError < Error; end
  #   # No such local address, path or interface.
  #   class AddressNotAvailableError < Error; end
  #   # The system denied it.
  #   class AccessError < Error; end
  #   # Refused by the security rules; the message names the ways out.
  #   class RefusedError < Error; end
  #   # Text that had to be parsed is malformed.
  #   class FormatError < Error; end
  #   # A file or a socket failed.
  #   class SystemError < Error; end
  {
    WouldBlockError: "EAGAIN", TimeoutError: "ETIMEDOUT",
    InterruptedError: "EINTERRUPTED", InvalidError: "EINVAL", MemoryError: "ENOMEM",
    StateError: "ESTATE", ClosedError: "ECLOSED", ForkedError: "EFORKED",
    UnsupportedError: "ENOTSUP", LimitError: "ELIMIT", AddressInUseError: "EADDRINUSE",
    AddressNotAvailableError: "EADDRNOTAVAIL", AccessError: "EACCESS",
    RefusedError: "EREFUSED", FormatError: "EFORMAT", SystemError: "EIO"
  }.each { |name, status| Error.define(name, Native.zmqlog_constant(status)) }
end
