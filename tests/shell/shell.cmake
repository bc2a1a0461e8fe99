# SPDX-License-Identifier: BSD-3-Clause
# The zmqlog command: its parts by themselves, and the whole against real peers.
if(NOT TARGET zmqlog_command)
  return()
endif()

file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.c)
if(NOT NATS_FOUND)
  list(FILTER sources EXCLUDE REGEX "/nats_[^/]*\\.c$")
endif()
foreach(source IN LISTS sources)
  zmqlog_cmocka_program(shell ${source} zmqlog_command_parts)
endforeach()

set(ZMQLOG_PYTHON "")
foreach(candidate python3 /usr/bin/python3)
  if(NOT ZMQLOG_PYTHON)
    execute_process(COMMAND ${candidate} -c "import zmq" RESULT_VARIABLE missing
                    OUTPUT_QUIET ERROR_QUIET)
    if(NOT missing)
      set(ZMQLOG_PYTHON ${candidate})
    endif()
  endif()
endforeach()
if(NOT ZMQLOG_PYTHON)
  zmqlog_skipped("the tests of the command against PyZMQ" python3-zmq)
  return()
endif()

file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/test_*.py)
foreach(script IN LISTS scripts)
  get_filename_component(name ${script} NAME_WE)
  add_test(NAME shell/${name} COMMAND ${ZMQLOG_PYTHON} -B ${script})
  set_tests_properties(shell/${name} PROPERTIES LABELS shell TIMEOUT 300
    ENVIRONMENT "ZMQLOG=$<TARGET_FILE:zmqlog_command>;ZMQLOG_SOURCE=${PROJECT_SOURCE_DIR};${ZMQLOG_TEST_ENVIRONMENT}")
endforeach()
