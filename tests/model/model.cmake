# SPDX-License-Identifier: BSD-3-Clause
# The model of queue, gate and wake-up, for spin (seconds).

find_program(SPIN spin)
if(SPIN)
  add_test(NAME model/queue
           COMMAND bash ${CMAKE_CURRENT_LIST_DIR}/checks.sh ${PROJECT_SOURCE_DIR})
  set_tests_properties(model/queue PROPERTIES LABELS model TIMEOUT 300)
endif()
