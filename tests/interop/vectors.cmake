# SPDX-License-Identifier: BSD-3-Clause
add_executable(vectors_publish interop/vectors_publish.c)
target_link_libraries(vectors_publish PRIVATE zmqlog PkgConfig::ZMQ)
add_test(NAME interop/vectors
         COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/interop/vectors.py
                 $<TARGET_FILE:vectors_publish>
                 ${CMAKE_CURRENT_SOURCE_DIR}/golden/pyzmq.jsonl)
set_tests_properties(interop/vectors PROPERTIES LABELS interop TIMEOUT 120
                     ENVIRONMENT "${ZMQLOG_TEST_ENVIRONMENT}")
