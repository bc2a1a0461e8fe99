// SPDX-License-Identifier: BSD-3-Clause

// The peer in Go; README.md has the protocol.
package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
	"time"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

func check(what string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "peer: %s: %v\n", what, err)
		os.Exit(1)
	}
}

func unhex(column string) string {
	if column == "-" {
		return ""
	}
	bytes, err := hex.DecodeString(column)
	check("hex", err)
	return string(bytes)
}

func asHex(text string) string { return hex.EncodeToString([]byte(text)) }

// viaSlog logs by slog, where there is one.
var viaSlog func(h *zmqlog.Handler, level zmqlog.Level, text string)

// open opens a handler on the first endpoint and adds the others.
func open(mode string, endpoints []string, options ...zmqlog.Option) *zmqlog.Handler {
	first, more := zmqlog.Bind, (*zmqlog.Handler).Bind
	if mode == "connect" {
		first, more = zmqlog.Connect, (*zmqlog.Handler).Connect
	}
	h, err := first(endpoints[0], options...)
	check(endpoints[0], err)
	for _, endpoint := range endpoints[1:] {
		check(endpoint, more(h, endpoint))
	}
	return h
}

func fieldsOf(columns []string) []zmqlog.Field {
	var fields []zmqlog.Field
	for ; len(columns) >= 3; columns = columns[3:] {
		key, value := unhex(columns[0]), unhex(columns[2])
		switch columns[1] {
		case "int":
			number, err := strconv.ParseInt(value, 10, 64)
			check(key, err)
			fields = append(fields, zmqlog.Int(key, number))
		case "double":
			number, err := strconv.ParseFloat(value, 64)
			check(key, err)
			fields = append(fields, zmqlog.Float(key, number))
		case "bool":
			fields = append(fields, zmqlog.Bool(key, value == "true"))
		case "json":
			fields = append(fields, zmqlog.JSON(key, json.RawMessage(value)))
		default:
			fields = append(fields, zmqlog.String(key, value))
		}
	}
	return fields
}

func obey(h *zmqlog.Handler, column []string) {
	switch column[0] {
	case "root":
		check("root", h.SetRootTopic(unhex(column[1])))
		return
	case "style":
		ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
		defer stop()
		check("flush", h.Flush(ctx))
		check("style", h.SetStyle(column[1]))
		return
	}
	number, err := strconv.Atoi(column[1])
	check(column[0], err)
	level, text := zmqlog.Level(number), unhex(column[2])
	switch column[0] {
	case "log":
		h.Log(level, text)
	case "topic":
		h.LogTopic(level, text, unhex(column[3]))
	case "printf":
		h.Logf(level, text, unhex(column[3]))
	case "native":
		log.New(h.Writer(level), "", 0).Print(text)
	case "slog":
		viaSlog(h, level, text)
	case "fields":
		h.LogFields(level, text, fieldsOf(column[3:])...)
	default:
		check(column[0], fmt.Errorf("no such command"))
	}
}

func publish(mode string, endpoints []string) {
	h := open(mode, endpoints, zmqlog.RootTopic("myprogram"),
		zmqlog.LevelName(5, "TRACE"), zmqlog.LevelName(33, "AUDIT"))
	words := []string{"ready", h.Endpoint(), "log", "topic", "printf", "native", "fields",
		"root", "style"}
	if viaSlog != nil {
		words = append(words, "slog")
	}
	fmt.Println(strings.Join(words, "\t"))
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			break
		}
		obey(h, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	check("close", h.CloseTimeout(10*time.Second))
}

func describe(record *zmqlog.Record) string {
	shown := map[string]any{"topic": asHex(record.Topic), "text": asHex(record.Text),
		"root": asHex(record.Root), "subtopic": asHex(record.Subtopic),
		"level": record.Level}
	if record.Parse() == nil {
		shown["msg"], shown["fields"] = asHex(record.Text), record.Fields
	}
	line, err := json.Marshal(shown)
	check("json", err)
	return string(line)
}

func subscribe(mode, endpoint string) {
	start := zmqlog.BindSubscriber
	if mode == "connect" {
		start = zmqlog.ConnectSubscriber
	}
	sub, err := start(endpoint, zmqlog.LevelName(33, "AUDIT"))
	check(endpoint, err)
	for _, root := range []string{"myprogram", "other.root"} {
		check(root, sub.AddRoot(root))
	}
	fmt.Printf("ready\t%s\n", sub.Endpoint())
	for ended := false; !ended; {
		record, err := sub.Recv(context.Background())
		check("recv", err)
		ended = record.Text == "end"
		fmt.Println(describe(record))
	}
	check("close", sub.Close())
}

func logAndExit(mode, endpoint, root string) {
	h := open(mode, []string{endpoint}, zmqlog.RootTopic(root))
	defer h.Close()
	for number := 1; number <= 5; number++ {
		h.Info(fmt.Sprint("line ", number))
	}
}

func main() {
	switch os.Args[1] {
	case "pub":
		publish(os.Args[2], os.Args[3:])
	case "sub":
		subscribe(os.Args[2], os.Args[3])
	case "script":
		logAndExit(os.Args[2], os.Args[3], os.Args[4])
	}
}
