# SPDX-License-Identifier: BSD-3-Clause
# What other projects meet: the installed tree, and this one inside theirs.
if(ZMQLOG_SANITIZE OR ZMQLOG_COVERAGE)
  return()
endif()
foreach(way pkgconfig cmake subdirectory bare)
  add_test(NAME package/${way}
           COMMAND ${CMAKE_CURRENT_LIST_DIR}/consume ${way} ${PROJECT_SOURCE_DIR}
                   ${PROJECT_BINARY_DIR})
  set_tests_properties(package/${way} PROPERTIES LABELS package TIMEOUT 300)
endforeach()
