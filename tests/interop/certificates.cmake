# SPDX-License-Identifier: BSD-3-Clause
# Certificate files against czmq and PyZMQ.
pkg_check_modules(CZMQ QUIET IMPORTED_TARGET libczmq)
if(CZMQ_FOUND)
  zmqlog_cmocka_program(interop ${CMAKE_CURRENT_LIST_DIR}/certificates.c zmqlog
                        PkgConfig::CZMQ)
else()
  zmqlog_skipped("certificates of czmq" libczmq-dev)
endif()

find_program(PYZMQ_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
set(found 1)
if(PYZMQ_PYTHON)
  execute_process(COMMAND ${PYZMQ_PYTHON} -c "import zmq.auth"
                  RESULT_VARIABLE found OUTPUT_QUIET ERROR_QUIET)
endif()
# A Python of its own does not load a library that was built with sanitizers.
if(NOT found EQUAL 0)
  zmqlog_skipped("certificates of PyZMQ" python3-zmq)
elseif(NOT ZMQLOG_SANITIZE)
  add_test(NAME interop/certificates_pyzmq
           COMMAND ${PYZMQ_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/certificates.py
                   $<TARGET_FILE:zmqlog>)
  set_tests_properties(interop/certificates_pyzmq PROPERTIES LABELS interop
                       TIMEOUT ${ZMQLOG_TEST_TIMEOUT})
endif()
