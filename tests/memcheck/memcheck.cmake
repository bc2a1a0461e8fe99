# SPDX-License-Identifier: BSD-3-Clause
# Interpreters under Valgrind, in small runs: what Lua and Ruby do with the library and
# with the C code of our bindings. Valgrind does not understand Go's collector and
# stacks.
if(NOT ZMQLOG_VALGRIND)
  return()
endif()

# memcheck_test(<language>/<name> <environment> <command>...)
function(memcheck_test name environment)
  get_filename_component(language ${name} DIRECTORY)
  set(valgrind ${ZMQLOG_TEST_COMMAND})
  if(name MATCHES lifetime)
    # Finalizers that log while the state ends make objects that Lua then forgets.
    list(TRANSFORM valgrind REPLACE "^--leak-check=full$" "--leak-check=no")
  endif()
  add_test(NAME memcheck/${name} COMMAND ${valgrind} ${ARGN})
  set_tests_properties(memcheck/${name} PROPERTIES LABELS "memcheck;${language}"
                       TIMEOUT ${ZMQLOG_TEST_TIMEOUT} ENVIRONMENT "${environment}")
endfunction()

# ---- Lua

set(lua_sources ${PROJECT_SOURCE_DIR}/bindings/lua)
set(lua_tests ${PROJECT_SOURCE_DIR}/tests/lua)

# memcheck_lua(<interpreter> <label> <version> <module> <facts>...)
function(memcheck_lua interpreter label version module)
  set(environment
      "LUA_PATH=${lua_sources}/?.lua\\;${lua_tests}/?.lua\\;\\;"
      "LUA_CPATH=${PROJECT_BINARY_DIR}/bindings/lua/${version}/?.so\\;\\;"
      "ZMQLOG_LUA_MODULE=${module}" "ZMQLOG_TEST_DEADLINE=100")
  foreach(facts IN LISTS ARGN)
    set(arguments "")
    if(facts STREQUAL golden)
      set(arguments ${PROJECT_SOURCE_DIR}/tests/golden/calls.jsonl)
    endif()
    memcheck_test(${label}/${facts} "${environment}" ${interpreter}
                  ${lua_tests}/${facts}.lua ${arguments})
  endforeach()
endfunction()

foreach(version IN LISTS ZMQLOG_LUA_BUILT)
  string(REPLACE "." "" digits ${version})
  find_program(LUA${digits}_PROGRAM NAMES lua${version} lua${digits} lua-${version})
  if(LUA${digits}_PROGRAM)
    memcheck_lua(${LUA${digits}_PROGRAM} lua${version} ${version} zmqlog
                 golden calls lifetime)
  endif()
endforeach()
if(LUA54_PROGRAM AND 5.4 IN_LIST ZMQLOG_LUA_BUILT)
  memcheck_lua(${LUA54_PROGRAM} lua5.4 5.4 zmqlog handler subscriber)
endif()

# Some builds of LuaJIT allocate at addresses that Valgrind uses.
find_program(LUAJIT_PROGRAM luajit)
if(LUAJIT_PROGRAM AND 5.1 IN_LIST ZMQLOG_LUA_BUILT)
  execute_process(COMMAND ${ZMQLOG_TEST_COMMAND} ${LUAJIT_PROGRAM} -e "for i = 1, 1e4 do end"
                  RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
  if(failed)
    message(STATUS "zmqlog: LuaJIT is left out: this one does not run under Valgrind")
  else()
    memcheck_lua(${LUAJIT_PROGRAM} luajit_ffi 5.1 zmqlog.ffi golden calls)
  endif()
endif()

# ---- Ruby

if(NOT TARGET zmqlog_ruby)
  return()
endif()
# Without gems: they are half of what Ruby reads when it starts.
execute_process(
  COMMAND ${ZMQLOG_RUBY} -e "puts Gem::Specification.find_by_name('minitest').full_require_paths"
  OUTPUT_VARIABLE minitest OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT minitest)
  zmqlog_skipped("Ruby under Valgrind" ruby-minitest)
  return()
endif()
set(ruby_environment
    "RUBYLIB=${PROJECT_SOURCE_DIR}/bindings/ruby/lib:${ZMQLOG_RUBY_BUILT_DIR}:${minitest}"
    "MT_NO_PLUGINS=1" "ZMQLOG_TEST_DEADLINE=100")
foreach(name golden calls logger)
  memcheck_test(ruby/${name} "${ruby_environment}"
                --suppressions=${CMAKE_CURRENT_LIST_DIR}/ruby.supp ${ZMQLOG_RUBY}
                --disable-gems ${PROJECT_SOURCE_DIR}/tests/ruby/${name}_test.rb)
endforeach()
