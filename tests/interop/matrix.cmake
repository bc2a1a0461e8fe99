# SPDX-License-Identifier: BSD-3-Clause
# Every language to every language, and scripts that log and exit. A language that is
# not built is given as NAME=, and named by the tests as skipped.
if(NOT TARGET zmqlog_command)
  zmqlog_skipped("every language to every language" libpcre2-dev)
  return()
endif()

set(peers ${CMAKE_CURRENT_LIST_DIR}/peers)
add_executable(interop_peer ${peers}/peer.c)
target_compile_definitions(interop_peer PRIVATE _GNU_SOURCE)
target_link_libraries(interop_peer PRIVATE zmqlog)
set(peer_c "c=$<TARGET_FILE:interop_peer>")
set(peer_lua "lua=")
set(peer_luajit "luajit=")
set(peer_ruby "ruby=")
set(peer_go "go=")
set(peer_environment ${ZMQLOG_TEST_ENVIRONMENT}
    "LD_LIBRARY_PATH=$<TARGET_FILE_DIR:zmqlog>" "PYTHONDONTWRITEBYTECODE=1"
    "ZMQLOG_EXAMPLES=${PROJECT_SOURCE_DIR}/docs/examples/dlopen")

# interop_lua(<name> <version> <program> <module>)
function(interop_lua name version program module)
  set(modules ${PROJECT_BINARY_DIR}/bindings/lua/${version})
  set(peer_${name} "${name}=${peers}/lua.sh ${PROJECT_SOURCE_DIR}/bindings/lua ${modules} ${program} ${module}"
      PARENT_SCOPE)
endfunction()

# Programs that are not ours do not load what was built with sanitizers.
if(NOT ZMQLOG_SANITIZE)
  foreach(version IN LISTS ZMQLOG_LUA_BUILT)
    string(REPLACE "." "" digits ${version})
    find_program(LUA${digits}_PROGRAM NAMES lua${version} lua${digits} lua-${version})
    if(LUA${digits}_PROGRAM)
      interop_lua(lua ${version} ${LUA${digits}_PROGRAM} zmqlog)
    endif()
  endforeach()
  find_program(LUAJIT_PROGRAM luajit)
  if(LUAJIT_PROGRAM AND 5.1 IN_LIST ZMQLOG_LUA_BUILT)
    interop_lua(luajit 5.1 ${LUAJIT_PROGRAM} zmqlog.ffi)
  endif()

  if(ZMQLOG_RUBY_BUILT_DIR)
    set(peer_ruby "ruby=${ZMQLOG_RUBY} ${peers}/peer.rb")
    list(APPEND peer_environment
         "RUBYLIB=${ZMQLOG_RUBY_BUILT_DIR}:${PROJECT_SOURCE_DIR}/bindings/ruby/lib")
  endif()

  find_program(ZMQLOG_GO NAMES go)
  if(ZMQLOG_GO AND EXISTS ${PROJECT_SOURCE_DIR}/bindings/go/go.mod)
    set(peer_go "go=${CMAKE_CURRENT_BINARY_DIR}/peer-go")
    add_test(NAME interop/peer_go
             COMMAND ${peers}/build_go.sh ${ZMQLOG_GO} ${PROJECT_SOURCE_DIR}/abi/include
                     $<TARGET_FILE_DIR:zmqlog> ${CMAKE_CURRENT_BINARY_DIR}/peer-go)
    set_tests_properties(interop/peer_go PROPERTIES LABELS interop TIMEOUT 300
                         FIXTURES_SETUP peer_go)
  endif()
endif()

# interop_peers(<name> <script>)
function(interop_peers name)
  add_test(NAME interop/${name}
           COMMAND /usr/bin/python3 ${ARGN} $<TARGET_FILE:zmqlog_command> ${peer_c}
                   ${peer_lua} ${peer_luajit} ${peer_ruby} ${peer_go})
  set_tests_properties(interop/${name} PROPERTIES LABELS interop TIMEOUT 200
                       SKIP_RETURN_CODE 77 ENVIRONMENT "${peer_environment}"
                       FIXTURES_REQUIRED peer_go)
endfunction()

interop_peers(matrix ${PROJECT_SOURCE_DIR}/tests/interop/matrix.py)
if(NOT ZMQLOG_SANITIZE)
  interop_peers(exits ${PROJECT_SOURCE_DIR}/tests/interop/exits.py)
  # Other load would decide whether a listener comes in time.
  set_tests_properties(interop/exits PROPERTIES RUN_SERIAL TRUE TIMEOUT 600)
endif()
