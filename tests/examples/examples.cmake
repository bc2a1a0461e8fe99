# SPDX-License-Identifier: BSD-3-Clause
# Programs and pages of docs/: each example is built and does what it promises; code,
# commands and output on the pages are compared with the files and with real runs.
file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/examples/*.c)
foreach(source IN LISTS sources)
  get_filename_component(name ${source} NAME_WE)
  add_executable(example_${name} ${source})
  target_link_libraries(example_${name} PRIVATE zmqlog PkgConfig::ZMQ)
endforeach()
add_executable(ends ${CMAKE_CURRENT_LIST_DIR}/ends.c)
target_link_libraries(ends PRIVATE zmqlog)

find_program(PYTHON3 NAMES python3)
if(NOT PYTHON3)
  zmqlog_skipped("the tests of examples and pages" python3)
  return()
endif()
if(NOT TARGET zmqlog_command)
  zmqlog_skipped("the tests of examples and pages" libpcre2-dev)
  return()
endif()

file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/test_*.py)
# Tests that build against the installed library need a plain build.
set(about_build "")
if(ZMQLOG_SANITIZE)
  set(about_build "ZMQLOG_SANITIZED=1")
endif()
if(ZMQLOG_SANITIZE OR ZMQLOG_COVERAGE OR NOT ZMQLOG_INSTALL)
  list(FILTER scripts EXCLUDE REGEX test_readme)
else()
  set(about_build "ZMQLOG_INSTALLABLE=1")
endif()
set(environment "ZMQLOG=$<TARGET_FILE:zmqlog_command>" "ZMQLOG_SOURCE=${PROJECT_SOURCE_DIR}"
    "ZMQLOG_BUILD=${PROJECT_BINARY_DIR}" "ZMQLOG_EXAMPLES=$<TARGET_FILE_DIR:ends>"
    ${about_build} ${ZMQLOG_TEST_ENVIRONMENT})
foreach(script IN LISTS scripts)
  get_filename_component(name ${script} NAME_WE)
  string(REGEX REPLACE "^test_" "" name ${name})
  add_test(NAME examples/${name} COMMAND ${PYTHON3} -B ${script})
  set_tests_properties(examples/${name} PROPERTIES LABELS examples TIMEOUT 300
                       ENVIRONMENT "${environment}")
endforeach()
