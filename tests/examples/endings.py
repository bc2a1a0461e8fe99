# SPDX-License-Identifier: BSD-3-Clause
"""Programs that log and end in every way that docs/reliability.md names, by language.
What a program is: (command, environment), or None where it cannot be run here."""

import glob
import os
import shutil
import subprocess

from programs import BUILD, PATIENCE, PROGRAMS, SOURCE, UNTIDY

RECORDS = 200

LUA = """
local zmqlog = require "zmqlog"
local log = assert(zmqlog.handler{ connect = arg[1], hold_ms = 30000,
                                   linger_ms = 30000 })
for _ = 1, 200 do log:info("last words") end
"""
LUA_ENDS = {
    "the script ends": "",
    "`error`": 'error "over"',
    "`os.exit`": "os.exit(3)",
    "SIGTERM, default action": 'os.execute("kill -TERM $PPID")',
}

RUBY = """
require "zmqlog"
log = Zmqlog::Handler.open(connect: ARGV[0], hold_ms: 30000, linger_ms: 30000)
200.times { log.info("last words") }
"""
RUBY_ENDS = {
    "the script ends": "",
    "an exception": 'raise "over"',
    "`exit`, `abort`": "exit 3",
    "SIGTERM, default action": "Process.kill(:TERM, Process.pid); sleep",
    "`exit!`": "exit! 3",
    "SIGKILL": "Process.kill(:KILL, Process.pid)",
}

GO = """package main

import (
	"os"
	"syscall"
	"time"

	"github.com/libzmqlog/libzmqlog/bindings/go"
)

func main() {
	h, err := zmqlog.Connect(os.Args[1], zmqlog.Hold(30*time.Second),
		zmqlog.Linger(30*time.Second))
	if err != nil {
		panic(err)
	}
	if os.Args[2] == "close" {
		defer h.Close()
	}
	for i := 0; i < 200; i++ {
		h.Info("last words")
	}
	switch os.Args[2] {
	case "fatal":
		h.Fatal("last words")
	case "exit":
		os.Exit(3)
	case "panic":
		panic("over")
	case "term":
		syscall.Kill(os.Getpid(), syscall.SIGTERM)
		select {}
	}
}
"""
GO_ENDS = {
    "`main` returns": "return",
    "`main` returns, after `defer h.Close()`": "close",
    "`h.Fatal`": "fatal",
    "`os.Exit`": "exit",
    "a panic": "panic",
    "SIGTERM, default action": "term",
}

C_ENDS = {
    "`return` from `main`": "return",
    "`exit`": "exit",
    "`zmqlog_handler_free`, then `exit`": "zmqlog_handler_free",
    "`zmqlog_handler_close`, then any end": "zmqlog_handler_close",
    "`_exit`": "_exit",
    "`quick_exit`": "quick_exit",
    "`exec`": "exec",
    "SIGTERM, default action": "SIGTERM",
    "SIGKILL": "SIGKILL",
    "`abort`": "abort",
    "SIGSEGV": "SIGSEGV",
}


def for_c(endpoint, end, _folder):
    return [os.path.join(PROGRAMS, "ends"), endpoint, str(RECORDS), C_ENDS[end]], UNTIDY


def for_lua(endpoint, end, folder):
    modules = os.path.join(BUILD, "bindings", "lua", "5.4")
    lua = shutil.which("lua5.4")
    if not lua or not glob.glob(os.path.join(modules, "**", "*.so"), recursive=True):
        return None
    script = os.path.join(folder, "end.lua")
    with open(script, "w", encoding="utf-8") as file:
        file.write(LUA + LUA_ENDS[end])
    return [lua, script, endpoint], {
        "LUA_PATH": os.path.join(SOURCE, "bindings", "lua", "?.lua"),
        "LUA_CPATH": os.path.join(modules, "?.so")}


def for_ruby(endpoint, end, _folder):
    module = os.path.join(BUILD, "bindings", "ruby", "lib")
    ruby = shutil.which("ruby")
    if not ruby or not glob.glob(os.path.join(module, "zmqlog", "*.so")):
        return None
    return [ruby, "-I", os.path.join(SOURCE, "bindings", "ruby", "lib"), "-I", module,
            "-e", RUBY + RUBY_ENDS[end], endpoint], {}


def build_go(go, folder):
    """A program made once, against an installed tree, without the network."""
    program, prefix = os.path.join(folder, "go", "end"), os.path.join(folder, "usr")
    environment = {"GOPROXY": "off", "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local",
                   "CGO_ENABLED": "1"}
    if not os.path.exists(prefix):
        subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix], check=True,
                       stdout=subprocess.DEVNULL, timeout=PATIENCE)
    if not os.access(os.path.expanduser("~"), os.W_OK):
        environment["GOCACHE"] = os.path.join(folder, "cache")
    found = glob.glob(os.path.join(prefix, "**", "zmqlog.pc"), recursive=True)
    environment["PKG_CONFIG_PATH"] = os.path.dirname(found[0])
    environment["LD_LIBRARY_PATH"] = os.path.dirname(environment["PKG_CONFIG_PATH"])
    # Go keeps what it has compiled, with the place where pkg-config found the library
    # then; it compiles anew when this variable is another one.
    environment["CGO_LDFLAGS"] = "-L" + environment["LD_LIBRARY_PATH"]
    if not os.path.exists(program):
        os.mkdir(os.path.dirname(program))
        with open(program + ".go", "w", encoding="utf-8") as file:
            file.write(GO)
        name = "github.com/libzmqlog/libzmqlog/bindings/go"
        with open(os.path.join(folder, "go", "go.mod"), "w", encoding="utf-8") as file:
            file.write(f"module end\n\ngo 1.19\n\nrequire {name} v0.0.0\n\n"
                       f"replace {name} => {SOURCE}/bindings/go\n")
        subprocess.run([go, "build", "-o", program, "end.go"], check=True, timeout=240,
                       cwd=os.path.dirname(program), env={**os.environ, **environment})
    return program, environment


def for_go(endpoint, end, folder):
    go = shutil.which("go") if "ZMQLOG_INSTALLABLE" in os.environ else None
    if not go or not os.path.exists(os.path.join(SOURCE, "bindings", "go", "go.mod")):
        return None
    program, environment = build_go(go, folder)
    return [program, endpoint, GO_ENDS[end]], environment


COMMANDS = {"C": for_c, "Lua": for_lua, "Ruby": for_ruby, "Go": for_go}
ENDS = {"C": C_ENDS, "Lua": LUA_ENDS, "Ruby": RUBY_ENDS, "Go": GO_ENDS}
