# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

module Zmqlog
  # Keys and allow lists. One may serve several handlers and subscribers, which keep
  # it alive. The lists are live: a change applies to the next connection. Any
  # thread may use it.
  #
  #   auth = Zmqlog::Auth.new(curve_server: pair.secret_key, allow_keys: ["..."])
  #   Zmqlog::Handler.open(bind: "tcp://*:5556", auth: auth)
  # @since 1.0
  class Auth
    SPEC = {
      curve_server: :string, curve_client: :hash, allow_keys: :strings,
      allow_addresses: :strings, allow_uids: :integers, load_keys: :strings,
      insecure: :boolean, ipc_mode: :integer
    }.freeze
    CLIENT_KEYS = %i[server_key public_key secret_key].freeze
    private_constant :SPEC, :CLIENT_KEYS

    # @private
    def self.from(value) = value.is_a?(Auth) ? value : new(**value.transform_keys(&:to_sym))

    # @param options
    #   - `curve_server` [String] secret key of the side that binds, 40 characters of Z85
    #   - `curve_client` [Hash] `server_key`, `public_key` and `secret_key` of the side
    #     that connects
    #   - `allow_keys` [Array<String>] public keys of clients, or `"*"` for any
    #   - `allow_addresses` [Array<String>] `"192.0.2.7"`, `"192.0.2.0/24"`
    #   - `allow_uids` [Array<Integer>] user ids, for ipc
    #   - `load_keys` [Array<String>] certificates to allow, or directories of them
    #   - `insecure` [Boolean] permits tcp beyond loopback without CURVE
    #   - `ipc_mode` [Integer] of sockets that are bound, default 0600
    # @raise [ArgumentError, TypeError, Error]
    def initialize(**options)
      options = Options.check("Auth", options, SPEC)
      @raw = Native::Auth.new
      set_curve(options)
      { allow_keys: :allow_key, allow_addresses: :allow_address, allow_uids: :allow_uid,
        load_keys: :load_keys }.each do |option, method|
        Options.each(options[option]) { |value| public_send(method, value) }
      end
      @raw.set_insecure(options[:insecure] ? 1 : 0) if options.key?(:insecure)
      @raw.set_ipc_mode(options[:ipc_mode]) if options[:ipc_mode]
    end

    # Allows a client's public key; live.
    # @param public_key [String] 40 characters of Z85, or `"*"` for any
    # @return [self]
    # @raise [InvalidError, MemoryError]
    def allow_key(public_key) = tell(:allow_key, public_key)

    # Allows tcp clients by address or network; live. If none is allowed, all pass.
    # @param address [String] `"192.0.2.7"`, `"192.0.2.0/24"`, `"2001:db8::/32"`
    # @return [self]
    # @raise [InvalidError, MemoryError]
    def allow_address(address) = tell(:allow_address, address)

    # Allows ipc clients by user id; live. If none is allowed, the socket's file mode
    # alone decides.
    # @param uid [Integer] 0 to 4294967294
    # @return [self]
    # @raise [InvalidError, MemoryError]
    def allow_uid(uid) = tell(:allow_uid, uid)

    # Takes a key off the list. A list that becomes empty by removal refuses everybody;
    # connections that stand remain.
    # @param public_key [String] as it was allowed
    # @return [self]
    # @raise [InvalidError] it is not on the list
    def remove_key(public_key) = tell(:remove_key, public_key)

    # Takes an address or a network off the list; see {#remove_key}.
    # @param address [String] as it was allowed
    # @return [self]
    # @raise [InvalidError] it is not on the list
    def remove_address(address) = tell(:remove_address, address)

    # Takes a user id off the list; see {#remove_key}.
    # @param uid [Integer] 0 to 4294967294
    # @return [self]
    # @raise [InvalidError] it is not on the list
    def remove_uid(uid) = tell(:remove_uid, uid)

    # Allows the public keys in a certificate file, or in those of a directory; live.
    # @param path [String, Pathname]
    # @return [self]
    # @raise [InvalidError, SystemError, AccessError, FormatError] nothing has changed then
    def load_keys(path) = tell(:load_keys, path.to_s)

    # Allows the keys in a certificate or a directory of them and no others; ends
    # connections whose key is gone. Since 1.1.
    # @param path [String, Pathname]
    # @return [self]
    # @raise [InvalidError, SystemError, AccessError, FormatError] nothing has changed then
    def reload_keys(path) = tell(:reload_keys, path.to_s)

    # Tells no keys.
    def inspect = "#<#{self.class}>"

    private

    attr_reader :raw

    def tell(method, value)
      @raw.public_send(method, value)
      self
    end

    def set_curve(options)
      @raw.set_curve_server(options[:curve_server]) if options[:curve_server]
      return unless (client = options[:curve_client])

      client = Options.check("Auth: curve_client", client, CLIENT_KEYS.to_h { [_1, :string] })
      @raw.set_curve_client(*client.values_at(*CLIENT_KEYS))
    end
  end

  # A CURVE key pair. One thread at a time.
  # @since 1.0
  class Keypair
    # @return [Keypair] a new pair
    # @raise [UnsupportedError] this libzmq has no CURVE
    def self.generate = new { |raw| raw.generate }

    # Reads `<path>_secret` if there is one, otherwise `path`. After a file with only a
    # public key, secret_key is "".
    # @param path [String, Pathname] of the public file
    # @return [Keypair]
    # @raise [InvalidError, UnsupportedError]
    # @raise [SystemError, AccessError, FormatError]
    # @raise [RefusedError] others may read the secret
    def self.load(path) = new { |raw| raw.load(path.to_s) }

    # @private
    def initialize
      @raw = Native::Keypair.new
      yield @raw if block_given?
    end

    # @return [String] 40 characters of Z85, or ""
    def public_key = @raw.public_key

    # @return [String] 40 characters of Z85, or ""
    def secret_key = @raw.secret_key

    # Writes `path` (0644) and `<path>_secret` (0600); neither may exist.
    # @param path [String, Pathname] of the public file
    # @return [self]
    # @raise [StateError] it is empty
    # @raise [AddressInUseError] one of them exists
    # @raise [AccessError, SystemError]
    def save(path)
      @raw.save(path.to_s)
      self
    end

    # Tells the public key only.
    def inspect = "#<#{self.class} #{public_key}>"
  end
end
