// SPDX-License-Identifier: BSD-3-Clause

package zmqlog

import (
	"strconv"

	"github.com/libzmqlog/libzmqlog/bindings/go/internal/native"
)

type subscriberOption struct {
	op      string
	text    string
	set     func(native.Subscriber) int
	chooses bool // what to receive
}

func (o subscriberOption) applySubscriber(raw native.Subscriber) error {
	if err := checkText(o.op, o.text); err != nil {
		return err
	}
	return failure(o.op, o.set(raw), raw)
}

// Subscribe asks for all topics that start with a prefix, at most [MaxPrefixBytes]
// long; "" is everything. May be given several times. Since 1.0.
func Subscribe(prefix string) SubscriberOption {
	return subscriberOption{"subscribe " + strconv.Quote(prefix), prefix,
		func(s native.Subscriber) int { return s.Subscribe(prefix) }, true}
}

// SubscribeLevel asks for a program's records of a level and above, and makes its root
// topic known; root "" is for publishers without one. May be given several times.
// Since 1.0.
func SubscribeLevel(root string, min Level) SubscriberOption {
	return subscriberOption{"subscribe " + strconv.Quote(root), root,
		func(s native.Subscriber) int { return s.Subscribe_level(root, min.number()) }, true}
}

// SubscribeAll asks for the records of a level and above of all programs, and opens no
// other level in those that say hello; see [Subscriber.SubscribeAll]. Since 1.1.
func SubscribeAll(min Level) SubscriberOption {
	return subscriberOption{"subscribe all", "",
		func(s native.Subscriber) int { return s.Subscribe_all(min.number()) }, true}
}

// AddRoot makes a root topic known; see [Subscriber.AddRoot]. Since 1.0.
func AddRoot(root string) SubscriberOption {
	return subscriberOption{"root " + strconv.Quote(root), root,
		func(s native.Subscriber) int { return s.Add_root(root) }, false}
}

// Exact makes a prefix match whole segments only (app.INFO, not app.INFORMATION);
// WARN and WARNING are one then. Without it, libzmq's byte prefixes. Since 1.0.
func Exact() SubscriberOption {
	return subscriberOption{"exact", "",
		func(s native.Subscriber) int { return s.Set_exact(1) }, false}
}

// ReceiveHWM is how many records wait beside a full queue: 0 (no limit, nor one of
// bytes) to 10000000, default 100000. Since 1.0.
func ReceiveHWM(records int) SubscriberOption {
	return subscriberOption{"receive HWM", "",
		func(s native.Subscriber) int { return s.Set_receive_hwm(clamp(records)) }, false}
}
