# SPDX-License-Identifier: BSD-3-Clause
# What goes wrong in the world: signals, full tables, lost peers, strangers, no
# memory. Each test is bounded; all of them together take a few minutes.

file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.c)
list(FILTER sources EXCLUDE REGEX "/failing\\.c$") # a part of memory.c
if(ZMQLOG_SANITIZE)
  # It has a malloc of its own, as sanitizers have.
  list(FILTER sources EXCLUDE REGEX "/memory\\.c$")
endif()
foreach(source IN LISTS sources)
  zmqlog_cmocka_program(fault ${source} zmqlog PkgConfig::ZMQ)
  get_filename_component(name ${source} NAME_WE)
  set_tests_properties(fault/${name} PROPERTIES TIMEOUT 300 LABELS fault)
endforeach()
if(TARGET fault_memory)
  target_sources(fault_memory PRIVATE ${CMAKE_CURRENT_LIST_DIR}/failing.c)
  target_link_libraries(fault_memory PRIVATE ${CMAKE_DL_LIBS})
endif()
# Also with AddressSanitizer; GCC 12's may deadlock in children of others.
foreach(name endings order parting peers signals strangers)
  set_tests_properties(fault/${name} PROPERTIES LABELS "fault;sanitized")
endforeach()
# It needs both processors.
set_tests_properties(fault/order PROPERTIES RUN_SERIAL TRUE)
