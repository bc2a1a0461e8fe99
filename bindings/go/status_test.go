// SPDX-License-Identifier: BSD-3-Clause

//go:build cgo

package zmqlog_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
	"github.com/libzmqlog/libzmqlog/bindings/go/internal/native"
)

func TestConstants_are_those_of_the_library(t *testing.T) {
	known := map[string]int{
		"EAGAIN": int(zmqlog.ErrAgain), "ETIMEDOUT": int(zmqlog.ErrTimedOut),
		"EINTERRUPTED": int(zmqlog.ErrInterrupted), "EINVAL": int(zmqlog.ErrInvalid),
		"ENOMEM": int(zmqlog.ErrNoMemory), "ESTATE": int(zmqlog.ErrState),
		"ECLOSED": int(zmqlog.ErrClosed), "EFORKED": int(zmqlog.ErrForked),
		"ENOTSUP": int(zmqlog.ErrNotSupported), "ELIMIT": int(zmqlog.ErrLimit),
		"EADDRINUSE": int(zmqlog.ErrAddrInUse), "EADDRNOTAVAIL": int(zmqlog.ErrAddrUnavailable),
		"EACCESS": int(zmqlog.ErrAccess), "EREFUSED": int(zmqlog.ErrRefused),
		"EFORMAT": int(zmqlog.ErrFormat), "EIO": int(zmqlog.ErrIO),
		"LEVEL_MIN": int(zmqlog.LevelMin), "LEVEL_DEBUG": int(zmqlog.LevelDebug),
		"LEVEL_INFO": int(zmqlog.LevelInfo), "LEVEL_WARN": int(zmqlog.LevelWarn),
		"LEVEL_ERROR": int(zmqlog.LevelError), "LEVEL_CRITICAL": int(zmqlog.LevelCritical),
		"LEVEL_MAX": int(zmqlog.LevelMax), "TOPIC_MAX_BYTES": zmqlog.MaxTopicBytes,
		"ROOT_MAX_BYTES": zmqlog.MaxRootBytes, "PREFIX_MAX_BYTES": zmqlog.MaxPrefixBytes,
		"NAME_MAX_BYTES": zmqlog.MaxNameBytes, "FIELDS_MAX_BYTES": zmqlog.MaxFieldsBytes,
		"GATE_BYTES": 64, "OVERFLOW_DROP_NEWEST": int(zmqlog.DropNewest),
		"OVERFLOW_DROP_OLDEST": int(zmqlog.DropOldest), "OVERFLOW_BLOCK": int(zmqlog.Block),
		"COUNT_ACCEPTED": int(zmqlog.CountAccepted), "COUNT_SENT": int(zmqlog.CountSent),
		"COUNT_UNHEARD":          int(zmqlog.CountUnheard),
		"COUNT_DROPPED_QUEUE":    int(zmqlog.CountDroppedQueue),
		"COUNT_DROPPED_OLDEST":   int(zmqlog.CountDroppedOldest),
		"COUNT_DROPPED_TIMEOUT":  int(zmqlog.CountDroppedTimeout),
		"COUNT_DROPPED_INTERNAL": int(zmqlog.CountDroppedInternal),
		"COUNT_QUEUED":           int(zmqlog.CountQueued),
		"COUNT_DROPPED_CLOSED":   int(zmqlog.CountDroppedClosed),
		"COUNT_DROPPED_FORKED":   int(zmqlog.CountDroppedForked),
		"COUNT_REFUSED":          int(zmqlog.CountRefused),
		"COUNT_NOTICES":          int(zmqlog.CountNotices),
		"COUNT_TRUNCATED":        int(zmqlog.CountTruncated),
		"COUNT_SLOW_EPISODES":    int(zmqlog.CountSlowEpisodes),
		"COUNT_PEER_LOST":        int(zmqlog.CountPeerLost),
		"COUNT_PEERS":            int(zmqlog.CountPeers),
		"COUNT_SUBSCRIPTIONS":    int(zmqlog.CountSubscriptions),
		"COUNT_MALFORMED":        int(zmqlog.CountMalformed),
		"COUNT_REFUSED_PEERS":    int(zmqlog.CountRefusedPeers),
		"COUNT_PUBLISHERS":       48, // of relays, which are not wrapped
		"COUNT_RECEIVED":         int(zmqlog.CountReceived),
		"COUNT_DROPPED":          int(zmqlog.CountDropped),
		"COUNT_LOST":             int(zmqlog.CountLost),
		"COUNT_DUPLICATES":       int(zmqlog.CountDuplicates),
		"COUNT_STRANGERS":        int(zmqlog.CountStrangers),
	}
	for name, value := range known {
		same(t, name, int64(value), native.Zmqlog_constant(name))
	}
	for number := 1; number <= int(native.Zmqlog_constant("COUNT_MAX")); number++ {
		if name := native.Zmqlog_count_name(number); name != "" {
			same(t, name, known["COUNT_"+strings.ToUpper(name)], number)
		}
	}
	same(t, "delimiter", zmqlog.TopicDelim, native.Zmqlog_topic_delimiter())
}

func TestLevel_names(t *testing.T) {
	for level := zmqlog.LevelMin; level <= zmqlog.LevelMax; level++ {
		same(t, "name", level.String(), native.Zmqlog_level_name(int(level)))
		parsed, err := zmqlog.ParseLevel(level.String())
		ok(t, err)
		same(t, "level", parsed, level)
	}
	same(t, "no level", zmqlog.Level(64).String(), "Level(64)")
	for name, want := range map[string]zmqlog.Level{"warning": 30, "Fatal": 50, "notice": 25, "7": 7} {
		level, err := zmqlog.ParseLevel(name)
		ok(t, err)
		same(t, name, level, want)
	}
	for _, name := range []string{"", "nonsense", "0", "64", "info\x00"} {
		_, err := zmqlog.ParseLevel(name)
		is(t, err, zmqlog.ErrInvalid)
	}
}

func TestStatus_is_an_error(t *testing.T) {
	same(t, "text", zmqlog.ErrTimedOut.Error(), "zmqlog: the time ran out")
	same(t, "name", zmqlog.ErrTimedOut.Name(), "ETIMEDOUT")
	same(t, "unknown", zmqlog.Status(-99).Name(), "UNKNOWN")
	same(t, "timeout", zmqlog.ErrTimedOut.Timeout(), true)
	same(t, "temporary", zmqlog.ErrAgain.Temporary(), true)
	same(t, "temporary", zmqlog.ErrInvalid.Temporary(), false)
	_, err := zmqlog.Bind("nonsense")
	var detailed *zmqlog.Error
	same(t, "as", errors.As(err, &detailed), true)
	same(t, "status", detailed.Status, zmqlog.ErrInvalid)
	same(t, "op", detailed.Op, "bind nonsense")
	same(t, "detail", detailed.Detail != "", true)
	same(t, "text", err.Error(), "zmqlog: bind nonsense: "+detailed.Detail)
	is(t, fmt.Errorf("wrapped: %w", err), zmqlog.ErrInvalid)
	same(t, "other", errors.Is(err, zmqlog.ErrClosed), false)
}

func TestLibrary_tells_about_itself(t *testing.T) {
	var major, minor, patch int
	count, err := fmt.Sscanf(zmqlog.Version(), "%d.%d.%d", &major, &minor, &patch)
	ok(t, err)
	same(t, "numbers", count, 3)
	same(t, "version", native.Zmqlog_version(), uint(major<<16|minor<<8|patch))
	same(t, "json", zmqlog.Has("json"), true)
	same(t, "nonsense", zmqlog.Has("nonsense"), false)
	same(t, "NUL", zmqlog.Has("json\x00"), false)
}
