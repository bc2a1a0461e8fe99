# SPDX-License-Identifier: BSD-3-Clause
# Gates: promises about the source and the built library, each a script that can
# be run by hand. They look at a plain build only.
if(ZMQLOG_SANITIZE OR ZMQLOG_COVERAGE)
  return()
endif()

# zmqlog_gate(<name> <script> <argument>...)
function(zmqlog_gate name script)
  add_test(NAME gate/${name} COMMAND ${PROJECT_SOURCE_DIR}/${script} ${ARGN})
  set_tests_properties(gate/${name} PROPERTIES LABELS gate TIMEOUT 300)
endfunction()

set(header ${PROJECT_SOURCE_DIR}/abi/include/zmqlog.h)
find_program(CLANG_FORMAT NAMES clang-format-14 clang-format)
set(clang_format_version "")
if(CLANG_FORMAT)
  execute_process(COMMAND ${CLANG_FORMAT} --version OUTPUT_VARIABLE clang_format_version)
endif()
find_program(ABIDIFF abidiff)
find_program(CXX_COMPILER NAMES g++ clang++)

zmqlog_gate(includes tests/gates/check_includes.sh ${PROJECT_SOURCE_DIR})
zmqlog_gate(text tests/gates/check_text.sh ${PROJECT_SOURCE_DIR})
find_package(Python3 QUIET COMPONENTS Interpreter)
if(Python3_FOUND)
  zmqlog_gate(docs tests/gates/check_docs.py ${PROJECT_SOURCE_DIR})
else()
  zmqlog_skipped("the gate on docstrings" python3)
endif()
zmqlog_gate(size tests/gates/check_size.sh ${PROJECT_SOURCE_DIR} --strict)
zmqlog_gate(parts tests/gates/check_parts.sh ${PROJECT_SOURCE_DIR})
set_tests_properties(gate/parts PROPERTIES TIMEOUT 900) # it compiles
zmqlog_gate(exports abi/check_exports.sh ${header} ${ZMQLOG_MAP}
            $<TARGET_FILE:zmqlog> $<TARGET_FILE:zmqlog_static>)
zmqlog_gate(constants abi/check_constants.sh ${header} $<TARGET_FILE:zmqlog>)
zmqlog_gate(linkage abi/check_linkage.sh $<TARGET_FILE:zmqlog>)
if(CXX_COMPILER)
  zmqlog_gate(header abi/check_header.sh ${header})
else()
  zmqlog_skipped("the gate on the header as C++" g++)
endif()
# Each version of clang-format formats differently; the tree uses Debian 12's.
if(clang_format_version MATCHES "version 14\\.")
  zmqlog_gate(format tests/gates/check_format.sh ${PROJECT_SOURCE_DIR})
  set_tests_properties(gate/format PROPERTIES ENVIRONMENT CLANG_FORMAT=${CLANG_FORMAT})
else()
  zmqlog_skipped("the gate on formatting" "clang-format-14")
endif()

# The baseline was recorded on Debian 12 and amd64; other processors have other type
# sizes, and other compilers describe types in other words.
set(system "")
if(EXISTS /etc/os-release)
  file(STRINGS /etc/os-release system REGEX "^VERSION_CODENAME=bookworm$")
endif()
if(NOT ABIDIFF)
  zmqlog_skipped("the comparison with the recorded ABI" abigail-tools)
elseif(system AND CMAKE_SYSTEM_PROCESSOR STREQUAL x86_64 AND CMAKE_SIZEOF_VOID_P EQUAL 8
       AND CMAKE_BUILD_TYPE MATCHES Deb AND EXISTS ${PROJECT_SOURCE_DIR}/abi/libzmqlog.abi)
  zmqlog_gate(abi abi/check_abi.sh ${PROJECT_SOURCE_DIR}/abi/libzmqlog.abi
              $<TARGET_FILE:zmqlog> ${PROJECT_SOURCE_DIR}/abi/include)
else()
  message(STATUS "zmqlog: without the comparison with the recorded ABI: it is made on "
                 "Debian 12, amd64, with debug information")
endif()
if(CXX_COMPILER)
  zmqlog_gate(self_test tests/gates/self_test.sh ${PROJECT_SOURCE_DIR}
              $<TARGET_FILE:zmqlog> $<TARGET_FILE:zmqlog_static>)
endif()
