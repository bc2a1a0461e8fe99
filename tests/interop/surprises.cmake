# SPDX-License-Identifier: BSD-3-Clause
# libzmq's surprises, one by one. Some of them end a process, or take its descriptors:
# not for sanitizers.
if(ZMQLOG_SANITIZE)
  return()
endif()
zmqlog_cmocka_program(interop ${CMAKE_CURRENT_LIST_DIR}/surprises.c zmqlog PkgConfig::ZMQ)
target_sources(interop_surprises PRIVATE ${CMAKE_CURRENT_LIST_DIR}/surprises_wire.c
               ${CMAKE_CURRENT_LIST_DIR}/surprises_losses.c
               ${CMAKE_CURRENT_LIST_DIR}/surprises_system.c)
set_tests_properties(interop/surprises PROPERTIES TIMEOUT 300)
