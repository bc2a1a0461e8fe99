# SPDX-License-Identifier: BSD-3-Clause
# What goes wrong in the world: signals, full tables, lost peers, strangers, no
# memory. Each test is bounded; all of them together take a few minutes.

file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.c)
if(ZMQLOG_SANITIZE)
  # It has a malloc of its own, as sanitizers have.
  list(FILTER sources EXCLUDE REGEX "/memory\\.c$")
endif()
foreach(source IN LISTS sources)
  zmqlog_cmocka_program(fault ${source} zmqlog PkgConfig::ZMQ)
  get_filename_component(name ${source} NAME_WE)
  set_tests_properties(fault/${name} PROPERTIES TIMEOUT 180 LABELS fault)
endforeach()
# It needs both processors.
set_tests_properties(fault/order PROPERTIES RUN_SERIAL TRUE)
