// SPDX-License-Identifier: BSD-3-Clause

package zmqlog_test

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

const (
	examples = "../../docs/examples/go"
	guide    = "../../docs/go.md"
	patience = 30 * time.Second
)

// build compiles an example; nil when this Go is too old for it.
func build(t *testing.T, name string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), name)
	command := exec.Command("go", "build", "-o", program, "./"+name)
	command.Dir = examples
	output, err := command.CombinedOutput()
	if bytes.Contains(output, []byte("build constraints exclude all Go files")) {
		t.Skip("needs a newer Go")
	}
	if err != nil {
		t.Fatal(string(output))
	}
	return program
}

var arrow = regexp.MustCompile(`// -> (.*)`)

// promised is what stands behind the calls of an example.
func promised(t *testing.T, name string) (lines []string) {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(examples, name, "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, match := range arrow.FindAllStringSubmatch(string(source), -1) {
		lines = append(lines, match[1])
	}
	return lines
}

func TestExamples_publish_what_they_promise(t *testing.T) {
	for _, name := range []string{"hello", "stdlog", "slog", "service"} {
		name := name
		t.Run(name, func(t *testing.T) {
			endpoint := "ipc://" + filepath.Join(t.TempDir(), "log")
			program, lines := build(t, name), promised(t, name)
			if len(lines) == 0 {
				t.Fatal("promises nothing")
			}
			s, err := zmqlog.ConnectSubscriber(endpoint)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			command := exec.Command(program, endpoint)
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			for i, line := range lines {
				if name == "service" && i == len(lines)-1 {
					command.Process.Signal(syscall.SIGTERM)
				}
				record, err := s.Recv(ctx)
				if err != nil {
					t.Fatal(err)
				}
				record.Parse()
				if got := record.Topic + " " + record.Text; got != line {
					t.Fatalf("got %q, want %q", got, line)
				}
			}
			if err := command.Wait(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestExamples_watch_shows_warnings(t *testing.T) {
	endpoint := "ipc://" + filepath.Join(t.TempDir(), "log")
	h, err := zmqlog.Bind(endpoint, zmqlog.RootTopic("myprogram"), zmqlog.Hold(time.Minute),
		zmqlog.LevelStyle(zmqlog.LevelError, "json"))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	h.Info("not this")
	h.Warn("net::that")
	db, _ := h.Logger("db")
	db.LogFields(zmqlog.LevelError, "slow", zmqlog.Int("ms", 900))
	command := exec.Command(build(t, "watch"), endpoint)
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(output)
	for _, want := range []string{"WARN net that", "ERROR db slow 900"} {
		if !lines.Scan() || lines.Text() != want {
			t.Fatalf("got %q, want %q", lines.Text(), want)
		}
	}
	command.Process.Signal(os.Interrupt)
	if err := command.Wait(); err != nil {
		t.Fatal(err)
	}
}

// dense is a text without indentation.
func dense(text string) string {
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

var fence = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")

// Every piece of Go on the page is cut out of a program that is compiled. Whole programs
// are typed by tests/examples/test_typing.py.
func TestGuide_shows_code_that_runs(t *testing.T) {
	page, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	var sources []string
	for _, pattern := range []string{examples + "/*/*.go", "../../bindings/go/*_test.go"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			sources = append(sources, dense(string(source)))
		}
	}
	blocks := fence.FindAllStringSubmatch(string(page), -1)
	if len(blocks) < 5 {
		t.Fatal(len(blocks), " pieces of Go on the page")
	}
	for _, block := range blocks {
		found := strings.HasPrefix(block[1], "package main\n")
		for _, source := range sources {
			found = found || strings.Contains(source, dense(block[1]))
		}
		if !found {
			t.Errorf("in no program:\n%s", block[1])
		}
	}
}

// What the page names is there.
func TestGuide_names_what_there_is(t *testing.T) {
	page, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	var package_ strings.Builder
	files, _ := filepath.Glob("../../bindings/go/*.go")
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(file, "_test.go") {
			package_.Write(source)
		}
	}
	names := regexp.MustCompile("`(?:zmqlog\\.|h\\.|sub\\.|l\\.)([A-Z]\\w*)").FindAllSubmatch(page, -1)
	if len(names) < 20 {
		t.Fatal(len(names), " names on the page")
	}
	for _, name := range names {
		if !regexp.MustCompile(`\b` + string(name[1]) + `\b`).MatchString(package_.String()) {
			t.Errorf("%s is not in the package", name[1])
		}
	}
}

// Every exported function and method is on the page.
func TestGuide_leaves_nothing_out(t *testing.T) {
	page, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	declared := regexp.MustCompile(`(?m)^func (?:\(\w+ \*?[A-Z]\w*\) )?([A-Z]\w*)[\[(]`)
	files, _ := filepath.Glob("../../bindings/go/*.go")
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, name := range declared.FindAllSubmatch(source, -1) {
			if !regexp.MustCompile(`\b` + string(name[1]) + `\b`).Match(page) {
				t.Errorf("%s of %s is not on the page", name[1], filepath.Base(file))
			}
		}
	}
}
