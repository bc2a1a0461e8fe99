# SPDX-License-Identifier: BSD-3-Clause
# %-formats against Python's logging itself, json bodies against Python's json.
find_program(ORACLE_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
if(NOT ORACLE_PYTHON)
  zmqlog_skipped("the comparison with Python's logging" python3)
  return()
endif()

add_executable(format_driver ${CMAKE_CURRENT_LIST_DIR}/../support/format_driver.c)
target_compile_definitions(format_driver PRIVATE _GNU_SOURCE)
target_link_libraries(format_driver PRIVATE zmqlog_internal)
add_test(NAME interop/format_oracle
         COMMAND ${ORACLE_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/format_oracle.py
                 $<TARGET_FILE:format_driver>)
set_tests_properties(interop/format_oracle PROPERTIES LABELS interop
                     TIMEOUT ${ZMQLOG_TEST_TIMEOUT}
                     ENVIRONMENT "${ZMQLOG_TEST_ENVIRONMENT}")
