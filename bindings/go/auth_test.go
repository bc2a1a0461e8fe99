// SPDX-License-Identifier: BSD-3-Clause

//go:build cgo

package zmqlog_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

func keys(t *testing.T) *zmqlog.KeyPair {
	t.Helper()
	if !zmqlog.Has("curve") {
		t.Skip("this libzmq has no CURVE")
	}
	pair, err := zmqlog.GenerateKeyPair()
	ok(t, err)
	same(t, "public", len(pair.PublicKey), 40)
	same(t, "secret", len(pair.SecretKey), 40)
	return pair
}

func TestAuth_lets_only_known_keys_in(t *testing.T) {
	server, client, stranger := keys(t), keys(t), keys(t)
	serving, err := zmqlog.NewAuth(nil, zmqlog.CurveServer(server.SecretKey),
		zmqlog.AllowKeys(client.PublicKey))
	ok(t, err)
	h := publisher(t, zmqlog.WithAuth(serving))
	open := func(pair *zmqlog.KeyPair) *zmqlog.Subscriber {
		auth, err := zmqlog.NewAuth(zmqlog.CurveClient(server.PublicKey, pair.PublicKey, pair.SecretKey))
		ok(t, err)
		s, err := zmqlog.ConnectSubscriber(h.Endpoint(), zmqlog.WithAuth(auth))
		ok(t, err)
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	refused, s := open(stranger), open(client)
	ok(t, h.WaitSubscriber(soon(t), "INFO"))
	h.Info("secret")
	expect(t, s, "INFO", "secret")
	_, err = refused.TryRecv()
	is(t, err, zmqlog.ErrAgain)
	ok(t, serving.AllowKey(stranger.PublicKey)) // from its next connection on
	expected := make(chan string, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), deadline)
		defer cancel()
		if record, err := open(stranger).Recv(ctx); err == nil {
			expected <- record.Text
		}
		close(expected)
	}()
	for end := time.Now().Add(deadline); time.Now().Before(end); time.Sleep(time.Millisecond) {
		h.Info("now")
		select {
		case text := <-expected:
			same(t, "text", text, "now")
			return
		default:
		}
	}
	t.Fatal("the new key never got in")
}

func TestAuth_lists_are_kept(t *testing.T) {
	a, err := zmqlog.NewAuth(zmqlog.AllowAddresses("127.0.0.1", "192.0.2.0/24"),
		zmqlog.AllowUIDs(os.Getuid(), 12345), zmqlog.Insecure(), zmqlog.IPCMode(0o660))
	ok(t, err)
	ok(t, a.RemoveAddress("192.0.2.0/24"))
	is(t, a.RemoveAddress("192.0.2.0/24"), zmqlog.ErrInvalid)
	ok(t, a.RemoveUID(12345))
	is(t, a.RemoveUID(12345), zmqlog.ErrInvalid)
	is(t, a.RemoveKey(keys(t).PublicKey), zmqlog.ErrInvalid)
	is(t, a.AllowAddress("nonsense"), zmqlog.ErrInvalid)
	is(t, a.AllowAddress("127.0.0.1\x00"), zmqlog.ErrInvalid)
	is(t, a.AllowKey("short"), zmqlog.ErrInvalid)
	path := filepath.Join(t.TempDir(), "socket")
	h := publisher(t, zmqlog.WithAuth(a))
	ok(t, h.Bind("ipc://"+path))
	info, err := os.Stat(path)
	ok(t, err)
	same(t, "mode", info.Mode().Perm(), os.FileMode(0o660))
	ok(t, h.Bind("tcp://0.0.0.0:*"))
	for _, option := range []zmqlog.AuthOption{zmqlog.CurveServer("short"),
		zmqlog.CurveClient("a", "b", "c"), zmqlog.AllowKeys("*", "short"),
		zmqlog.AllowUIDs(-1), zmqlog.IPCMode(0o7777)} {
		_, err = zmqlog.NewAuth(option)
		is(t, err, zmqlog.ErrInvalid)
	}
}

func TestAuth_curve_without_keys_is_refused(t *testing.T) {
	a, err := zmqlog.NewAuth(zmqlog.CurveServer(keys(t).SecretKey))
	ok(t, err)
	_, err = zmqlog.Bind(anyPort, zmqlog.WithAuth(a))
	is(t, err, zmqlog.ErrRefused)
	is(t, err, os.ErrPermission)
}

func TestKeyPair_is_saved_and_loaded(t *testing.T) {
	pair := keys(t)
	path := filepath.Join(t.TempDir(), "me")
	ok(t, pair.Save(path))
	is(t, pair.Save(path), zmqlog.ErrAddrInUse)
	loaded, err := zmqlog.LoadKeyPair(path)
	ok(t, err)
	same(t, "public", loaded.PublicKey, pair.PublicKey)
	same(t, "secret", loaded.SecretKey, pair.SecretKey)
	a, err := zmqlog.NewAuth(zmqlog.KeysFrom(path))
	ok(t, err)
	ok(t, a.RemoveKey(pair.PublicKey))
	ok(t, a.LoadKeys(path))
	ok(t, os.Remove(path+"_secret"))
	loaded, err = zmqlog.LoadKeyPair(path)
	ok(t, err)
	same(t, "secret", loaded.SecretKey, "")
	_, err = zmqlog.LoadKeyPair(path + "nothing")
	is(t, err, zmqlog.ErrIO)
	_, err = zmqlog.LoadKeyPair("a\x00")
	is(t, err, zmqlog.ErrInvalid)
	is(t, new(zmqlog.KeyPair).Save(path), zmqlog.ErrInvalid)
	is(t, (*zmqlog.Auth)(nil).AllowKey("*"), zmqlog.ErrInvalid)
}
