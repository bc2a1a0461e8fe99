// SPDX-License-Identifier: BSD-3-Clause

//go:build cgo

package zmqlog_test

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strconv"
	"testing"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

// The cases that all languages share.
const goldenFile = "../../tests/golden/calls.jsonl"

type goldenCase struct {
	Name    string
	Options struct {
		RootTopic  *string        `json:"root_topic"`
		Level      *zmqlog.Level  `json:"level"`
		LevelNames *string        `json:"level_names"`
		Delimiter  *string        `json:"delimiter"`
		Style      *string        `json:"style"`
		Levels     map[string]int `json:"levels"`
		Styles     map[string]string
	}
	Subscribe *[]string
	Logger    *struct {
		Name, Topic string
		Level       zmqlog.Level
		Fields      map[string]json.RawMessage
	}
	Calls  []goldenCall
	Frames [][2]json.RawMessage
}

type goldenCall struct {
	Do        string
	Level     zmqlog.Level
	Text      goldenBytes
	Subtopic  goldenBytes
	Format    string
	Arguments []any
	Fields    map[string]json.RawMessage
	RootTopic string `json:"root_topic"`
	Style     string
	Result    string
}

// goldenBytes is a text or {"hex": ...}.
type goldenBytes string

func (b *goldenBytes) UnmarshalJSON(data []byte) error {
	var object struct{ Hex string }
	if json.Unmarshal(data, (*string)(b)) == nil {
		return nil
	}
	if err := json.Unmarshal(data, &object); err != nil {
		return err
	}
	bytes, err := hex.DecodeString(object.Hex)
	*b = goldenBytes(bytes)
	return err
}

func (c *goldenCase) options() []zmqlog.Option {
	options := []zmqlog.Option{zmqlog.Hold(0)}
	add := func(option zmqlog.Option) { options = append(options, option) }
	o := &c.Options
	if o.LevelNames != nil {
		add(zmqlog.LevelNames(*o.LevelNames))
	}
	for name, level := range o.Levels {
		add(zmqlog.LevelName(zmqlog.Level(level), name))
	}
	if o.RootTopic != nil {
		add(zmqlog.RootTopic(*o.RootTopic))
	}
	if o.Level != nil {
		add(zmqlog.MinLevel(*o.Level))
	}
	if o.Delimiter != nil {
		add(zmqlog.Delimiter(*o.Delimiter))
	}
	if o.Style != nil {
		add(zmqlog.Style(*o.Style))
	}
	for level, style := range o.Styles {
		number, _ := strconv.Atoi(level)
		add(zmqlog.LevelStyle(zmqlog.Level(number), style))
	}
	return options
}

func goldenFields(values map[string]json.RawMessage) (fields []zmqlog.Field) {
	keys := make([]string, 0, len(values))
	for key := range values {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for _, key := range keys {
		fields = append(fields, goldenField(key, values[key]))
	}
	return fields
}

// goldenField uses the kind that a program would.
func goldenField(key string, value json.RawMessage) zmqlog.Field {
	var integer int64
	var any any
	if string(value) != "null" && json.Unmarshal(value, &integer) == nil {
		return zmqlog.Int(key, integer)
	}
	_ = json.Unmarshal(value, &any)
	return zmqlog.Any(key, any)
}

type goldenLog interface {
	Log(zmqlog.Level, string)
	LogTopic(zmqlog.Level, string, string)
	LogFields(zmqlog.Level, string, ...zmqlog.Field)
	Logf(zmqlog.Level, string, ...any)
}

func (c *goldenCall) act(t *testing.T, h *zmqlog.Handler, log goldenLog) {
	refused := h.Count(zmqlog.CountRefused)
	switch c.Do {
	case "log":
		log.Log(c.Level, string(c.Text))
	case "log_topic":
		log.LogTopic(c.Level, string(c.Subtopic), string(c.Text))
	case "printf":
		log.Logf(c.Level, c.Format, goldenArguments(c.Arguments)...)
	case "fields":
		log.LogFields(c.Level, string(c.Text), goldenFields(c.Fields)...)
	case "root_topic":
		c.answers(t, h.SetRootTopic(c.RootTopic))
		return
	case "level":
		c.answers(t, h.SetLevel(c.Level))
		return
	case "flush":
		ok(t, h.Flush(soon(t)))
	case "style":
		if c.Level == 0 {
			c.answers(t, h.SetStyle(c.Style))
		} else {
			c.answers(t, h.SetLevelStyle(c.Level, c.Style))
		}
		return
	default:
		t.Fatal("unknown call: ", c.Do)
	}
	// Log calls return nothing: what was refused is counted.
	same(t, "refused", h.Count(zmqlog.CountRefused) > refused, c.Result == "EINVAL")
}

// answers compares what a setter returns.
func (c *goldenCall) answers(t *testing.T, err error) {
	t.Helper()
	want, known := map[string]error{"": nil, "EINVAL": zmqlog.ErrInvalid,
		"EFORMAT": zmqlog.ErrFormat}[c.Result]
	same(t, "known result", known, true)
	is(t, err, want)
}

// goldenArguments: numbers of JSON are integers here.
func goldenArguments(arguments []any) []any {
	for i, argument := range arguments {
		if number, is := argument.(float64); is && number == float64(int64(number)) {
			arguments[i] = int64(number)
		}
	}
	return arguments
}

func (c *goldenCase) compare(t *testing.T, number int, record *zmqlog.Record) {
	var topic, body goldenBytes
	var object struct{ JSON map[string]any }
	ok(t, json.Unmarshal(c.Frames[number][0], &topic))
	same(t, "topic", record.Topic, string(topic))
	if json.Unmarshal(c.Frames[number][1], &object) == nil && object.JSON != nil {
		var got map[string]any
		ok(t, json.Unmarshal([]byte(record.Text), &got))
		contains(t, got, object.JSON)
		return
	}
	ok(t, json.Unmarshal(c.Frames[number][1], &body))
	same(t, "body", record.Text, string(body))
}

// contains: every member that is wanted is there, objects in objects.
func contains(t *testing.T, got, wanted map[string]any) {
	for key, value := range wanted {
		inner, isObject := value.(map[string]any)
		found, isFound := got[key].(map[string]any)
		if isObject && isFound {
			contains(t, found, inner)
		} else if !reflect.DeepEqual(got[key], value) {
			t.Fatalf("%s: got %v, want %v", key, got[key], value)
		}
	}
}

// listen is a subscriber to all that the case wants, or to everything.
func (c *goldenCase) listen(t *testing.T, h *zmqlog.Handler) *zmqlog.Subscriber {
	if c.Subscribe == nil {
		return subscriber(t, h)
	}
	const none = "none"
	options := []zmqlog.SubscriberOption{zmqlog.Subscribe(none)}
	for _, prefix := range *c.Subscribe {
		options = append(options, zmqlog.Subscribe(prefix))
	}
	s, err := zmqlog.ConnectSubscriber(h.Endpoint(), options...)
	ok(t, err)
	t.Cleanup(func() { _ = s.Close() })
	ok(t, s.Unsubscribe(none))
	for _, prefix := range *c.Subscribe {
		ok(t, h.WaitSubscriber(soon(t), prefix))
	}
	eventually(t, "it is there", func() bool { return h.Count(zmqlog.CountPeers) > 0 })
	return s
}

func (c *goldenCase) run(t *testing.T) {
	h, err := zmqlog.Bind(anyPort, c.options()...)
	ok(t, err)
	defer h.Close()
	s := c.listen(t, h)
	var log goldenLog = h
	if c.Logger != nil {
		log, err = h.Logger(c.Logger.Name, zmqlog.Topic(c.Logger.Topic),
			zmqlog.MinLevel(c.Logger.Level),
			zmqlog.WithFields(goldenFields(c.Logger.Fields)...))
		ok(t, err)
	}
	for i := range c.Calls {
		c.Calls[i].act(t, h, log)
	}
	ok(t, h.Flush(soon(t)))
	for i := range c.Frames {
		c.compare(t, i, next(t, s))
	}
	_, err = s.TryRecv()
	is(t, err, zmqlog.ErrAgain)
	same(t, "sent", h.Count(zmqlog.CountSent), int64(len(c.Frames)))
}

func TestGolden(t *testing.T) {
	file, err := os.Open(goldenFile)
	ok(t, err)
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	count := 0
	for ; lines.Scan(); count++ {
		var c goldenCase
		ok(t, json.Unmarshal(lines.Bytes(), &c))
		t.Run(c.Name, c.run)
	}
	ok(t, lines.Err())
	if count == 0 {
		t.Fatal("no cases in ", goldenFile)
	}
	fmt.Println(count, "golden cases")
}
