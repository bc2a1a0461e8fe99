// SPDX-License-Identifier: BSD-3-Clause

//go:build cgo

package zmqlog_test

import (
	"testing"
	"time"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

// What is refused is named as it is written here, never by a function of C.
func TestRefusedValuesAreNamedAsInGo(t *testing.T) {
	const port = "tcp://127.0.0.1:*"
	for _, c := range []struct {
		option zmqlog.Option
		want   string
	}{
		{zmqlog.QueueBytes(7), "QueueBytes: it is 7, it must be 16384 to 1073741824"},
		{zmqlog.MaxBodyBytes(7), "MaxBodyBytes: it is 7, it must be 256 to 268435456"},
		{zmqlog.Overflow(7, 0), "Overflow: policy is 7, it must be 0 to 2"},
		{zmqlog.SlowPeer(0, 0, 0), "SlowPeer: stall_ms is 0, it must be 1 to 3600000"},
		{zmqlog.SendHWM(0), "SendHWM: hwm is 0, it must be 1 to 10000000"},
		{zmqlog.Linger(-time.Second), "Linger: linger_ms is -1, it must be 0 to 3600000"},
		{zmqlog.Hold(2 * time.Minute), "Hold: hold_ms is 120000, it must be 0 to 60000"},
		{zmqlog.MinLevel(64), "MinLevel: level is 64, it must be 0 to 63"},
		{zmqlog.LevelName(64, "X"), "LevelName: level is 64, it must be 1 to 63"},
		{zmqlog.Delimiter("0123456789abcdefg"),
			"Delimiter: its length is 17, it must be 0 to 16"},
		{zmqlog.Style("%(nope)s"),
			`Style "%(nope)s": unknown attribute 'nope' at offset 2`},
	} {
		h, err := zmqlog.Bind(port, c.option)
		if err == nil {
			h.Close()
			t.Errorf("accepted, wanted %q", c.want)
		} else if err.Error() != "zmqlog: "+c.want {
			t.Errorf("%q, wanted %q", err.Error(), "zmqlog: "+c.want)
		}
	}
}
