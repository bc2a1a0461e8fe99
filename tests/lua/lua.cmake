# SPDX-License-Identifier: BSD-3-Clause
# Every tests/lua/*.lua fact file with every interpreter that is found; LuaJIT
# twice, through the C module and through its FFI.
if(NOT ZMQLOG_LUA_BUILT)
  return()
endif()

set(lua_modules ${PROJECT_BINARY_DIR}/bindings/lua)
set(lua_sources ${PROJECT_SOURCE_DIR}/bindings/lua)
set(lua_tests ${PROJECT_SOURCE_DIR}/tests/lua)
set(golden ${PROJECT_SOURCE_DIR}/tests/golden/calls.jsonl)
file(GLOB_RECURSE lua_types CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bindings/lua/library/*.lua)

set(sanitized "")
if(ZMQLOG_SANITIZE MATCHES address)
  # The interpreter is built without sanitizers, so their runtime must be loaded first.
  execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=libasan.so
                  OUTPUT_VARIABLE asan OUTPUT_STRIP_TRAILING_WHITESPACE)
  set(sanitized "LD_PRELOAD=${asan}" "ASAN_OPTIONS=detect_leaks=0")
endif()

# LuaLogging is plain Lua; where it is packaged for some versions only, it serves all.
find_path(LUALOGGING_DIRECTORY logging.lua PATHS /usr/share/lua/5.1
          /usr/local/share/lua/5.1 NO_DEFAULT_PATH)
set(logging_path "")
if(LUALOGGING_DIRECTORY)
  set(logging_path "\\;${LUALOGGING_DIRECTORY}/?.lua")
endif()

# lua_environment(<variable> <version> <module>)
function(lua_environment result version module)
  set(${result}
      "LUA_PATH=${lua_sources}/?.lua\\;${lua_tests}/?.lua${logging_path}\\;\\;"
      "LUA_CPATH=${lua_modules}/${version}/?.so\\;\\;"
      "ZMQLOG_LUA_MODULE=${module}" ${sanitized} PARENT_SCOPE)
endfunction()

# lua_test(<name> <version> <module> <command>...)
function(lua_test name version module)
  lua_environment(environment ${version} ${module})
  add_test(NAME lua/${name} COMMAND ${ARGN})
  set_tests_properties(lua/${name} PROPERTIES LABELS lua TIMEOUT 120
                       SKIP_RETURN_CODE 77 ENVIRONMENT "${environment}")
endfunction()

function(lua_facts interpreter label version module)
  lua_test(${label}/golden ${version} ${module} ${interpreter} ${lua_tests}/golden.lua
           ${golden})
  lua_test(${label}/guide ${version} ${module} ${interpreter} ${lua_tests}/guide.lua
           ${PROJECT_SOURCE_DIR}/docs/lua.md)
  lua_test(${label}/types ${version} ${module} ${interpreter} ${lua_tests}/types.lua
           ${lua_types})
  foreach(facts calls effects handler subscriber lifetime bad_input outside context leak fork appender)
    lua_test(${label}/${facts} ${version} ${module} ${interpreter}
             ${lua_tests}/${facts}.lua)
  endforeach()
  file(GLOB examples CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/examples/*.lua)
  foreach(example IN LISTS examples)
    get_filename_component(name ${example} NAME_WE)
    if(name STREQUAL close AND NOT version STREQUAL 5.4)
      continue() # its syntax is 5.4's
    endif()
    lua_test(${label}/example_${name} ${version} ${module} ${interpreter}
             ${lua_tests}/example.lua ${example})
  endforeach()
endfunction()

foreach(version IN LISTS ZMQLOG_LUA_BUILT)
  string(REPLACE "." "" digits ${version})
  find_program(LUA${digits}_PROGRAM NAMES lua${version} lua${digits} lua-${version})
  if(LUA${digits}_PROGRAM)
    lua_facts(${LUA${digits}_PROGRAM} lua${version} ${version} zmqlog)
  endif()

  pkg_search_module(LUA${digits}_EMBED QUIET lua${version} lua-${version} lua${digits})
  if(LUA${digits}_EMBED_FOUND)
    add_executable(lua_states${version} ${lua_tests}/states.c)
    target_include_directories(lua_states${version} SYSTEM PRIVATE
                               ${LUA${digits}_EMBED_INCLUDE_DIRS})
    target_link_libraries(lua_states${version} PRIVATE ${LUA${digits}_EMBED_LIBRARIES}
                          PkgConfig::ZMQ)
    target_link_options(lua_states${version} PRIVATE -Wl,--export-dynamic)
    lua_test(lua${version}/states ${version} zmqlog $<TARGET_FILE:lua_states${version}>)
  endif()
endforeach()

find_program(LUAJIT_PROGRAM luajit)
if(LUAJIT_PROGRAM AND 5.1 IN_LIST ZMQLOG_LUA_BUILT)
  lua_facts(${LUAJIT_PROGRAM} luajit 5.1 zmqlog)
  lua_facts(${LUAJIT_PROGRAM} luajit_ffi 5.1 zmqlog.ffi)
  lua_test(luajit_ffi/compiled 5.1 zmqlog.ffi ${LUAJIT_PROGRAM} ${lua_tests}/compiled.lua
           ${lua_sources}/zmqlog/ffi.lua ${PROJECT_SOURCE_DIR}/abi/include/zmqlog.h)
endif()

add_test(NAME lua/surface
         COMMAND ${PROJECT_SOURCE_DIR}/tests/swig/surface.sh lua
                 ${PROJECT_SOURCE_DIR}/abi/include/zmqlog.h
                 ${lua_modules}/zmqlog_lua.c ${PROJECT_SOURCE_DIR}/tests/swig/ignored)
set_tests_properties(lua/surface PROPERTIES LABELS lua)

add_test(NAME lua/install
         COMMAND ${lua_tests}/install.sh ${CMAKE_COMMAND} ${PROJECT_BINARY_DIR}
                 ${ZMQLOG_LUA_BUILT})
set_tests_properties(lua/install PROPERTIES LABELS lua SKIP_RETURN_CODE 77)

add_test(NAME lua/rock
         COMMAND ${lua_tests}/rock.sh
                 ${lua_modules}/zmqlog-lua-${PROJECT_VERSION}.tar.gz ${PROJECT_BINARY_DIR}
                 ${PROJECT_SOURCE_DIR}/abi/include)
set_tests_properties(lua/rock PROPERTIES LABELS lua TIMEOUT 180 SKIP_RETURN_CODE 77)

lua_environment(environment 5.1 zmqlog)
foreach(module zmqlog zmqlog.ffi)
  add_test(NAME lua/nginx_${module} COMMAND ${lua_tests}/nginx.sh ${module})
  set_tests_properties(lua/nginx_${module} PROPERTIES LABELS lua TIMEOUT 180
                       SKIP_RETURN_CODE 77 ENVIRONMENT "${environment}")
endforeach()
