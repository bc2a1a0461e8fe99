// SPDX-License-Identifier: BSD-3-Clause

package zmqlog

import (
	"os"
	"runtime"

	"github.com/libzmqlog/libzmqlog/bindings/go/internal/native"
)

// Auth holds keys and allow lists. One may serve several handlers and subscribers.
// The lists are live: a change counts for the next connection. Since 1.0.
type Auth struct{ raw native.Auth }

// AuthOption is something about an [Auth] that is decided when it is made. Since 1.0.
type AuthOption func(*Auth) error

// NewAuth makes an auth. Since 1.0.
func NewAuth(options ...AuthOption) (*Auth, error) {
	if !native.HasCgo {
		return nil, ErrNoCgo
	}
	a := &Auth{raw: native.NewAuth()}
	if a.raw.Swigcptr() == 0 {
		return nil, failure("new auth", int(ErrNoMemory), nil)
	}
	runtime.SetFinalizer(a, func(a *Auth) { native.DeleteAuth(a.raw) })
	for _, option := range options {
		if option == nil {
			continue
		}
		if err := option(a); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// CurveServer has what listens use CURVE with this secret key, 40 characters of Z85:
// only allowed client keys get in. With no allowed key, opening is refused;
// AllowKeys("*") allows any. Since 1.0.
func CurveServer(secretKey string) AuthOption {
	return func(a *Auth) error {
		return a.set("CurveServer", func(raw native.Auth) int {
			return raw.Set_curve_server(secretKey)
		}, secretKey)
	}
}

// CurveClient has what connects use CURVE: with the listener's public key and an own
// pair. Since 1.0.
func CurveClient(serverKey, publicKey, secretKey string) AuthOption {
	return func(a *Auth) error {
		return a.set("CurveClient", func(raw native.Auth) int {
			return raw.Set_curve_client(serverKey, publicKey, secretKey)
		}, serverKey, publicKey, secretKey)
	}
}

// AllowKeys allows clients by their public keys; see [Auth.AllowKey]. Since 1.0.
func AllowKeys(publicKeys ...string) AuthOption {
	return eachOf(publicKeys, (*Auth).AllowKey)
}

// AllowAddresses allows tcp clients; see [Auth.AllowAddress]. Since 1.0.
func AllowAddresses(addresses ...string) AuthOption {
	return eachOf(addresses, (*Auth).AllowAddress)
}

// AllowUIDs allows ipc clients; see [Auth.AllowUID]. Since 1.0.
func AllowUIDs(uids ...int) AuthOption { return eachOf(uids, (*Auth).AllowUID) }

// KeysFrom allows the keys in files; see [Auth.LoadKeys]. Since 1.0.
func KeysFrom(paths ...string) AuthOption { return eachOf(paths, (*Auth).LoadKeys) }

func eachOf[T any](items []T, apply func(*Auth, T) error) AuthOption {
	return func(a *Auth) error {
		for _, item := range items {
			if err := apply(a, item); err != nil {
				return err
			}
		}
		return nil
	}
}

// Insecure permits tcp beyond loopback without CURVE: anybody may read the stream.
// Since 1.0.
func Insecure() AuthOption {
	return func(a *Auth) error {
		return a.set("Insecure", func(raw native.Auth) int { return raw.Set_insecure(1) })
	}
}

// IPCMode is the file mode of ipc sockets that are bound, 0600 (the default) to 0777.
// Since 1.0.
func IPCMode(mode os.FileMode) AuthOption {
	return func(a *Auth) error {
		return a.set("IPCMode", func(raw native.Auth) int {
			return raw.Set_ipc_mode(clamp(int(mode)))
		})
	}
}

func (a *Auth) set(op string, set func(native.Auth) int, texts ...string) error {
	if a == nil || a.raw == nil {
		return missing(op)
	}
	defer runtime.KeepAlive(a)
	if err := checkText(op, texts...); err != nil {
		return err
	}
	return failure(op, set(a.raw), a.raw)
}

// give lends the raw auth, nil of nil.
func (a *Auth) give(to func(native.Auth) error) error {
	defer runtime.KeepAlive(a)
	if a == nil {
		return to(nil)
	}
	return to(a.raw)
}

// AllowKey allows a client's public key, 40 characters of Z85, or "*" for any.
func (a *Auth) AllowKey(publicKey string) error {
	return a.set("allow key", func(raw native.Auth) int {
		return raw.Allow_key(publicKey)
	}, publicKey)
}

// AllowAddress allows tcp clients by address or network: "192.0.2.7", "192.0.2.0/24",
// "2001:db8::/32". With none, all addresses pass.
func (a *Auth) AllowAddress(address string) error {
	return a.set("allow address "+address, func(raw native.Auth) int {
		return raw.Allow_address(address)
	}, address)
}

// AllowUID allows ipc clients by user id. With none, all users pass that the socket's
// file mode lets in.
func (a *Auth) AllowUID(uid int) error {
	return a.set("allow uid", func(raw native.Auth) int { return raw.Allow_uid(int64(uid)) })
}

// RemoveKey takes a key back; ErrInvalid when it was not there. A list that becomes
// empty by removal refuses everybody; connections that stand remain.
func (a *Auth) RemoveKey(publicKey string) error {
	return a.set("remove key", func(raw native.Auth) int {
		return raw.Remove_key(publicKey)
	}, publicKey)
}

// RemoveAddress takes an address or network back; see [Auth.RemoveKey].
func (a *Auth) RemoveAddress(address string) error {
	return a.set("remove address "+address, func(raw native.Auth) int {
		return raw.Remove_address(address)
	}, address)
}

// RemoveUID takes a user id back; see [Auth.RemoveKey].
func (a *Auth) RemoveUID(uid int) error {
	return a.set("remove uid", func(raw native.Auth) int { return raw.Remove_uid(int64(uid)) })
}

// LoadKeys allows all public keys in a certificate file, as zmqlog keygen and czmq
// write it, or in the files of a directory. Nothing changes when one is malformed.
func (a *Auth) LoadKeys(path string) error {
	return a.set("load keys "+path, func(raw native.Auth) int {
		return raw.Load_keys(path)
	}, path)
}

// ReloadKeys allows the public keys in a certificate file or a directory of them, and no
// others: all that were allowed before are replaced. Connections whose key is gone are
// ended. If one file is malformed, nothing changes. Since 1.1.
func (a *Auth) ReloadKeys(path string) error {
	return a.set("load keys "+path, func(raw native.Auth) int {
		return raw.Load_keys(path)
	}, path)
}

// KeyPair is a CURVE key pair, in Z85. Since 1.0.
type KeyPair struct {
	PublicKey string // 40 characters
	SecretKey string // 40 characters, or "" when only the public one is known
	raw       native.Keypair
}

// GenerateKeyPair makes a new pair. The library wipes its copy when it frees it; Go
// does not wipe strings. Since 1.0.
func GenerateKeyPair() (*KeyPair, error) {
	return newKeyPair("generate a key pair", native.Keypair.Generate)
}

// LoadKeyPair reads a certificate: path + "_secret" when that exists and path has no
// secret key, else path. A secret that others may read is refused. Since 1.0.
func LoadKeyPair(path string) (*KeyPair, error) {
	op := "load " + path
	if err := checkText(op, path); err != nil {
		return nil, err
	}
	return newKeyPair(op, func(raw native.Keypair) int { return raw.Load(path) })
}

func newKeyPair(op string, fill func(native.Keypair) int) (*KeyPair, error) {
	if !native.HasCgo {
		return nil, ErrNoCgo
	}
	raw := native.NewKeypair()
	if raw.Swigcptr() == 0 {
		return nil, failure(op, int(ErrNoMemory), nil)
	}
	k := &KeyPair{raw: raw}
	runtime.SetFinalizer(k, func(k *KeyPair) { native.DeleteKeypair(k.raw) })
	if err := failure(op, fill(raw), raw); err != nil {
		return nil, err
	}
	k.PublicKey, k.SecretKey = raw.Public_key(), raw.Secret_key()
	return k, nil
}

// Save writes path (public, 0644) and path + "_secret" (both keys, 0600); neither may
// exist. On failure neither does.
func (k *KeyPair) Save(path string) error {
	op := "save " + path
	if k == nil || k.raw == nil {
		return missing(op)
	}
	defer runtime.KeepAlive(k)
	if err := checkText(op, path); err != nil {
		return err
	}
	return failure(op, k.raw.Save(path), k.raw)
}
