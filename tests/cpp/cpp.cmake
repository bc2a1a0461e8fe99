# SPDX-License-Identifier: BSD-3-Clause
# zmqlog.hpp: the wrapper calls all of the header, compilers take it, and it works.
add_test(NAME cpp/surface COMMAND ${CMAKE_CURRENT_LIST_DIR}/surface.sh
         ${PROJECT_SOURCE_DIR}/abi/include/zmqlog.h ${PROJECT_SOURCE_DIR}/abi/include/zmqlog.hpp)
set_tests_properties(cpp/surface PROPERTIES LABELS "gate;cpp")

find_program(CXX_COMPILER NAMES g++ clang++)
if(NOT CXX_COMPILER)
  zmqlog_skipped("the tests of zmqlog.hpp" g++)
  return()
endif()

# zmqlog_cpp_program(<target> <source>): warnings of both compilers are errors there.
function(zmqlog_cpp_program target source)
  set(sanitize "")
  if(ZMQLOG_SANITIZE)
    set(sanitize -fsanitize=${ZMQLOG_SANITIZE})
  elseif(ZMQLOG_COVERAGE)
    set(sanitize --coverage)
  endif()
  set(program ${CMAKE_CURRENT_BINARY_DIR}/${target})
  add_custom_command(
    OUTPUT ${program}
    COMMAND ${CXX_COMPILER} -std=c++17 -g -O1 -Wall -Wextra -Wshadow -Wold-style-cast
            -pedantic-errors -Werror ${sanitize} -I ${PROJECT_SOURCE_DIR}/abi/include ${source}
            -o ${program} $<TARGET_FILE:zmqlog> -Wl,-rpath,$<TARGET_FILE_DIR:zmqlog>
    DEPENDS ${source} ${PROJECT_SOURCE_DIR}/abi/include/zmqlog.h
            ${PROJECT_SOURCE_DIR}/abi/include/zmqlog.hpp zmqlog
    COMMENT "C++ ${target}"
    VERBATIM)
  add_custom_target(${target}_program ALL DEPENDS ${program})
endfunction()

zmqlog_cpp_program(cpp_wrapper ${CMAKE_CURRENT_LIST_DIR}/wrapper.cpp)
add_test(NAME cpp/wrapper COMMAND ${CMAKE_CURRENT_BINARY_DIR}/cpp_wrapper)
set_tests_properties(cpp/wrapper PROPERTIES LABELS cpp TIMEOUT ${ZMQLOG_TEST_TIMEOUT}
                     ENVIRONMENT "${ZMQLOG_TEST_ENVIRONMENT}")

file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/examples/*.cpp)
foreach(source IN LISTS sources)
  get_filename_component(name ${source} NAME_WE)
  zmqlog_cpp_program(example_cpp_${name} ${source})
endforeach()
