# SPDX-License-Identifier: BSD-3-Clause
# What goes wrong in the world: signals, full tables, lost peers, strangers, no
# memory. Each test is bounded; all of them together take a few minutes.

file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.c)
list(FILTER sources EXCLUDE REGEX "/failing\\.c$") # a part of memory.c
foreach(source IN LISTS sources)
  zmqlog_cmocka_program(fault ${source} zmqlog PkgConfig::ZMQ)
  get_filename_component(name ${source} NAME_WE)
  if(TEST fault/${name})
    set_tests_properties(fault/${name} PROPERTIES TIMEOUT 300)
  endif()
endforeach()
if(TARGET fault_memory)
  target_sources(fault_memory PRIVATE ${CMAKE_CURRENT_LIST_DIR}/failing.c)
  target_link_libraries(fault_memory PRIVATE ${CMAKE_DL_LIBS})
endif()
