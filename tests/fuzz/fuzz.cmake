# SPDX-License-Identifier: BSD-3-Clause
# Fuzz targets. With ZMQLOG_FUZZ (clang) each runs for ZMQLOG_FUZZ_SECONDS on its
# corpus, tests/fuzz/corpus/<name>/; without, the same code reads that corpus once,
# so what a fuzzer found stays found everywhere.
set(ZMQLOG_FUZZ_SECONDS 20 CACHE STRING "How long each fuzz target runs")

file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.c)
foreach(source IN LISTS sources)
  get_filename_component(name ${source} NAME_WE)
  set(corpus ${CMAKE_CURRENT_LIST_DIR}/corpus/${name})
  if(NOT ZMQLOG_FUZZ AND NOT IS_DIRECTORY ${corpus})
    continue()
  endif()
  add_executable(fuzz_${name} ${source})
  target_link_libraries(fuzz_${name} PRIVATE zmqlog_internal)
  # What the command does with what others wrote, instrumented as the rest is.
  set(shell ${PROJECT_SOURCE_DIR}/bindings/shell)
  set(shown align bytes colors complain escape interrupt json_out output timestamp view)
  if(name STREQUAL watch)
    file(GLOB parts CONFIGURE_DEPENDS ${shell}/render*.c)
  elseif(name STREQUAL page)
    file(GLOB parts CONFIGURE_DEPENDS ${shell}/ls/*.c)
    list(APPEND parts ${shell}/command_line.c ${shell}/help.c ${shell}/meeting.c
         ${shell}/options.c)
  else()
    set(parts "")
  endif()
  if(parts)
    list(TRANSFORM shown REPLACE "(.+)" "${shell}/\\1.c")
    target_sources(fuzz_${name} PRIVATE ${parts} ${shown})
    target_include_directories(fuzz_${name} PRIVATE ${shell} ${shell}/ls)
    target_compile_definitions(fuzz_${name} PRIVATE _GNU_SOURCE)
  endif()
  if(ZMQLOG_FUZZ)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    add_test(NAME fuzz/${name}
             COMMAND ${CMAKE_CURRENT_LIST_DIR}/run_target $<TARGET_FILE:fuzz_${name}>
                     ${CMAKE_CURRENT_BINARY_DIR}/found/${name} ${corpus}
                     ${ZMQLOG_FUZZ_SECONDS})
    math(EXPR timeout "${ZMQLOG_FUZZ_SECONDS} + 60")
  else()
    target_sources(fuzz_${name} PRIVATE ${CMAKE_CURRENT_LIST_DIR}/../support/replay.c)
    add_test(NAME fuzz/${name} COMMAND fuzz_${name} ${corpus})
    set(timeout ${ZMQLOG_TEST_TIMEOUT})
  endif()
  set(environment ${ZMQLOG_TEST_ENVIRONMENT})
  if(ZMQLOG_FUZZ AND name STREQUAL calls)
    # Threads of earlier calls can still hold what they are about to free. Leaks are
    # looked for where the corpus is read once.
    list(TRANSFORM environment REPLACE "^ASAN_OPTIONS=" "ASAN_OPTIONS=detect_leaks=0:")
  endif()
  set_tests_properties(fuzz/${name} PROPERTIES LABELS fuzz TIMEOUT ${timeout}
                       ENVIRONMENT "${environment}")
endforeach()
