# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause
# Builds zmqlog/native against an installed libzmqlog. What SWIG makes is in the
# gem; in a checkout it is made here, for which SWIG 4 has to be there.
require "mkmf"

here = __dir__
swig_directory = File.expand_path("../../../swig", here)

unless File.exist?(File.join(here, "zmqlog_wrap.c")) ||
       !File.exist?(File.join(swig_directory, "ruby.i"))
  swig = find_executable("swig") || abort("zmqlog: SWIG 4 is missing: install swig")
  Dir.chdir(swig_directory) do
    system(swig, "-ruby", "-initname", "native", "-I../../abi/include",
           "-o", "../ruby/ext/zmqlog/zmqlog_wrap.c", "ruby.i") || abort
  end
end

pkg_config("zmqlog") ||
  abort("zmqlog: libzmqlog is missing: install libzmqlog-dev")
have_header("ruby/thread.h") || abort("zmqlog: Ruby 3.1 or later is needed")

$VPATH << "$(srcdir)"
# Warnings are for our own files; mkmf does not read CFLAGS of the environment.
append_cflags(["-w", *ENV.fetch("ZMQLOG_CFLAGS", "").split])
$LDFLAGS << " " << ENV.fetch("ZMQLOG_LDFLAGS", "")

create_makefile("zmqlog/native")
