# SPDX-License-Identifier: BSD-3-Clause
# Every tests/ruby/*_test.rb with the Ruby that the extension was built for.
if(NOT TARGET zmqlog_ruby)
  return()
endif()
execute_process(COMMAND ${ZMQLOG_RUBY} -e "require 'minitest'" RESULT_VARIABLE missing
                OUTPUT_QUIET ERROR_QUIET)
if(missing)
  zmqlog_skipped("the tests of the Ruby module" ruby-minitest)
  return()
endif()

set(ruby_environment
    "RUBYLIB=${PROJECT_SOURCE_DIR}/bindings/ruby/lib:${ZMQLOG_RUBY_BUILT_DIR}")
set(gem ${ZMQLOG_RUBY_GEM})
if(ZMQLOG_SANITIZE MATCHES address)
  # The interpreter is built without sanitizers, so their runtime must be loaded first.
  execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=libasan.so
                  OUTPUT_VARIABLE asan OUTPUT_STRIP_TRAILING_WHITESPACE)
  list(APPEND ruby_environment "LD_PRELOAD=${asan}" "ZMQLOG_PUMA_REQUESTS=2000"
       "ASAN_OPTIONS=detect_leaks=0:use_sigaltstack=0")
  set(gem "")
endif()

# zmqlog_ruby_test(<name> <command>...)
function(zmqlog_ruby_test name)
  add_test(NAME ruby/${name} COMMAND ${ARGN})
  set_tests_properties(ruby/${name} PROPERTIES LABELS ruby TIMEOUT 180
                       SKIP_RETURN_CODE 77 ENVIRONMENT "${ruby_environment}")
endfunction()

file(GLOB sources CONFIGURE_DEPENDS ruby/*_test.rb)
foreach(source IN LISTS sources)
  get_filename_component(name ${source} NAME_WE)
  string(REGEX REPLACE "_test$" "" name ${name})
  if(ZMQLOG_SANITIZE AND name STREQUAL leak)
    continue() # what is freed stays with the sanitizer for a while
  endif()
  zmqlog_ruby_test(${name} ${ZMQLOG_RUBY} -w ${source})
endforeach()

file(GLOB examples CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/examples/*.rb)
foreach(example IN LISTS examples)
  get_filename_component(name ${example} NAME_WE)
  zmqlog_ruby_test(example_${name} ${ZMQLOG_RUBY} -w
                   ${CMAKE_CURRENT_SOURCE_DIR}/ruby/example.rb ${example})
endforeach()

zmqlog_ruby_test(surface ${PROJECT_SOURCE_DIR}/tests/swig/surface.sh ruby
                 ${PROJECT_SOURCE_DIR}/abi/include/zmqlog.h ${ZMQLOG_RUBY_WRAPPER}
                 ${PROJECT_SOURCE_DIR}/tests/swig/ignored)
zmqlog_ruby_test(install ${PROJECT_SOURCE_DIR}/tests/ruby/install.sh ${CMAKE_COMMAND}
                 ${PROJECT_BINARY_DIR} ${ZMQLOG_RUBY} ${ZMQLOG_RUBY_DIR} ${gem})
