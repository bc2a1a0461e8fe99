// SPDX-License-Identifier: BSD-3-Clause

package zmqlog

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/libzmqlog/libzmqlog/bindings/go/internal/native"
)

// Subscriber receives and decodes. [ConnectSubscriber] and [BindSubscriber] open one.
// Its methods may be called by any number of goroutines at once; those that receive
// take turns. Since 1.0.
type Subscriber struct {
	lock     sync.Mutex        // held in every call of the library, none of which waits
	raw      native.Subscriber // nil when closed
	record   native.Record
	receiver *native.Receiver // apart: C is lent it whole
	turn     chan struct{}    // full while somebody receives
	file     *os.File         // the library's descriptor, in the runtime's poller
	ready    syscall.RawConn
	gone     chan struct{}     // closed when closed
	counts   map[Counter]int64 // when closed
	failed   error             // what ended Records
	kept     *Record           // received for a Records that ended; the next one
}

// ConnectSubscriber opens a subscriber on a publisher, which need not be there yet and
// is found again when it restarts. Without [Subscribe] and [SubscribeLevel] it
// subscribes to everything. Close it at the end. Since 1.0.
func ConnectSubscriber(endpoint string, options ...SubscriberOption) (*Subscriber, error) {
	return openSubscriber(options, func(s *Subscriber) error { return s.Connect(endpoint) })
}

// BindSubscriber opens a subscriber on an endpoint that publishers connect to; rules
// as for [Bind]. Since 1.0.
func BindSubscriber(endpoint string, options ...SubscriberOption) (*Subscriber, error) {
	return openSubscriber(options, func(s *Subscriber) error { return s.Bind(endpoint) })
}

func openSubscriber(options []SubscriberOption, open func(*Subscriber) error) (
	*Subscriber, error) {
	if !native.HasCgo {
		return nil, ErrNoCgo
	}
	s := &Subscriber{raw: native.NewSubscriber(), record: native.NewRecord(),
		receiver: new(native.Receiver), turn: make(chan struct{}, 1),
		gone: make(chan struct{})}
	if s.raw.Swigcptr() == 0 || s.record.Swigcptr() == 0 {
		s.free()
		return nil, failure("new subscriber", int(ErrNoMemory), nil)
	}
	// Freeing waits for the library's thread, so not in the finalizers' goroutine.
	runtime.SetFinalizer(s, func(s *Subscriber) { go s.free() })
	err := s.prepare(options)
	if err == nil {
		err = open(s)
	}
	if err == nil {
		err = s.poll()
	}
	if err != nil {
		s.free()
		return nil, err
	}
	return s, nil
}

// prepare applies what is to be received last: names and roots come before.
func (s *Subscriber) prepare(options []SubscriberOption) error {
	var interests []SubscriberOption
	for _, option := range options {
		if option == nil {
			continue
		}
		if o, yes := option.(subscriberOption); yes && o.chooses {
			interests = append(interests, option)
		} else if err := option.applySubscriber(s.raw); err != nil {
			return err
		}
	}
	if interests == nil {
		return failure("subscribe", s.raw.Subscribe(""), s.raw)
	}
	for _, option := range interests {
		if err := option.applySubscriber(s.raw); err != nil {
			return err
		}
	}
	return nil
}

// poll hands a copy of the library's descriptor to the runtime's poller, which then
// waits for it without a thread.
func (s *Subscriber) poll() error {
	fd := s.raw.Fd()
	if fd < 0 {
		return failure("descriptor", fd, s.raw)
	}
	own, err := duplicate(fd)
	if err != nil {
		return &Error{Op: "descriptor", Status: ErrIO, cause: err}
	}
	s.file = os.NewFile(uintptr(own), "zmqlog subscriber")
	s.ready, err = s.file.SyscallConn()
	if err != nil {
		return &Error{Op: "descriptor", Status: ErrIO, cause: err}
	}
	return nil
}

// free gives all back; twice is the same as once. Goroutines that wait are told by what
// becomes of the descriptor, and then finds raw to be nil.
func (s *Subscriber) free() {
	runtime.SetFinalizer(s, nil)
	s.lock.Lock()
	if s.raw != nil {
		s.counts = make(map[Counter]int64)
		for _, which := range subscriberCounters {
			s.counts[which] = s.raw.Count(int(which))
		}
		native.DeleteSubscriber(s.raw)
		native.DeleteRecord(s.record)
		s.raw, s.record = nil, nil
		close(s.gone)
	}
	s.lock.Unlock()
	if s.file != nil {
		_ = s.file.Close()
	}
}

// set calls a setter or another thing that answers with a status.
func (s *Subscriber) set(op string, set func(native.Subscriber) int, texts ...string) error {
	if s == nil || s.turn == nil {
		return missing(op)
	}
	if err := checkText(op, texts...); err != nil {
		return err
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.raw == nil {
		return failure(op, int(ErrClosed), nil)
	}
	return failure(op, set(s.raw), s.raw)
}

// Connect opens one more endpoint; see [ConnectSubscriber].
func (s *Subscriber) Connect(endpoint string) error {
	return s.set("connect "+endpoint, func(raw native.Subscriber) int {
		return raw.Connect(endpoint)
	}, endpoint)
}

// Bind opens one more endpoint; see [BindSubscriber].
func (s *Subscriber) Bind(endpoint string) error {
	return s.set("bind "+endpoint, func(raw native.Subscriber) int {
		return raw.Bind(endpoint)
	}, endpoint)
}

// Disconnect ends one connection that Connect opened; what has arrived can still be
// received. The endpoint is written as it was given, or as [Subscriber.Endpoints] names
// it. Since: 1.1
func (s *Subscriber) Disconnect(endpoint string) error {
	return s.set("disconnect "+endpoint, func(raw native.Subscriber) int {
		return raw.Disconnect(endpoint)
	}, endpoint)
}

// Unbind closes one endpoint that was bound, and the connections there. Since: 1.1
func (s *Subscriber) Unbind(endpoint string) error {
	return s.set("unbind "+endpoint, func(raw native.Subscriber) int {
		return raw.Unbind(endpoint)
	}, endpoint)
}

// Subscribe asks for all topics that start with a prefix; "" is everything.
func (s *Subscriber) Subscribe(prefix string) error {
	return s.set("subscribe "+strconv.Quote(prefix), func(raw native.Subscriber) int {
		return raw.Subscribe(prefix)
	}, prefix)
}

// Unsubscribe takes back one Subscribe of the same prefix; ErrInvalid when there was
// none.
func (s *Subscriber) Unsubscribe(prefix string) error {
	return s.set("unsubscribe "+strconv.Quote(prefix), func(raw native.Subscriber) int {
		return raw.Unsubscribe(prefix)
	}, prefix)
}

// SubscribeLevel asks for a program's records of a level and above; root "" is for
// publishers without one.
func (s *Subscriber) SubscribeLevel(root string, min Level) error {
	return s.set("subscribe "+strconv.Quote(root), func(raw native.Subscriber) int {
		return raw.Subscribe_level(root, min.number())
	}, root)
}

// SubscribeAll asks for the records of a level and above of all programs. Each is asked
// for its root topic and level names, and subscribed to exactly. While a publisher is
// connected that does not say hello, everything is subscribed to and filtered here,
// and [CountStrangers] is 1. The last call counts. Since 1.1.
func (s *Subscriber) SubscribeAll(min Level) error {
	return s.set("subscribe all", func(raw native.Subscriber) int {
		return raw.Subscribe_all(min.number())
	})
}

// AddRoot makes a root topic known, so that a.b.INFO.x is read as root a.b; the
// longest known root wins. At most 1024.
func (s *Subscriber) AddRoot(root string) error {
	return s.set("root "+strconv.Quote(root), func(raw native.Subscriber) int {
		return raw.Add_root(root)
	}, root)
}

// SetExact decides whether a prefix matches whole segments only; see [Exact].
func (s *Subscriber) SetExact(on bool) error {
	return s.set("exact", func(raw native.Subscriber) int { return raw.Set_exact(asInt(on)) })
}

// Endpoint is the first endpoint, with the real port; "" when there is none.
func (s *Subscriber) Endpoint() string { return s.endpoint(0) }

// Endpoints are all endpoints in the order in which they were opened.
func (s *Subscriber) Endpoints() []string {
	var all []string
	for name := s.endpoint(0); name != ""; name = s.endpoint(len(all)) {
		all = append(all, name)
	}
	return all
}

// String is what it is and where it is open. Since 1.1.
func (s *Subscriber) String() string {
	return strings.TrimSpace("zmqlog subscriber " + strings.Join(s.Endpoints(), " "))
}

func (s *Subscriber) endpoint(index int) string {
	name := ""
	_ = s.set("endpoint", func(raw native.Subscriber) int {
		name = raw.Endpoint(index)
		return 0
	})
	return name
}

// Close closes; a Recv that waits, and later ones, return ErrClosed. Closing
// again is no error.
func (s *Subscriber) Close() error {
	if s == nil || s.turn == nil {
		return missing("close")
	}
	s.free()
	return nil
}

// Counters of subscribers, with [CountPeers] and [CountMalformed]. Since 1.0.
const (
	CountReceived   Counter = 32 // records handed to the program
	CountDropped    Counter = 33 // records the local queue had no room for
	CountLost       Counter = 34 // missing sequence numbers (style json)
	CountDuplicates Counter = 35 // repeated sequence numbers (style json)
	CountStrangers  Counter = 36 // 1 while everything comes, for SubscribeAll; since 1.1
)

var subscriberCounters = []Counter{CountPeers, CountMalformed, CountReceived,
	CountDropped, CountLost, CountDuplicates, CountStrangers}

// Count reads a counter, of a closed subscriber as it was then; -1 for one that
// subscribers do not have.
func (s *Subscriber) Count(which Counter) int64 {
	if s == nil || s.turn == nil {
		return 0
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.raw == nil {
		if count, known := s.counts[which]; known {
			return count
		}
		return -1
	}
	if count := s.raw.Count(clamp(int(which))); count >= 0 {
		return count
	}
	return -1
}
