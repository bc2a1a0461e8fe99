# SPDX-License-Identifier: BSD-3-Clause
# The library in other runtimes, by dlopen: every example in docs/examples/dlopen has
# to print the same, and what Python's handler and foreign sockets promise.
# Runtimes that are missing are skipped with the package to install. Those labelled
# `full` are left out by `ctest -LE full`.
if(ZMQLOG_SANITIZE)
  return() # foreign programs do not load a library that was built with sanitizers
endif()

set(examples ${PROJECT_SOURCE_DIR}/docs/examples/dlopen)
set(dlopen_tests ${CMAKE_CURRENT_LIST_DIR})
set(dlopen_environment "LD_LIBRARY_PATH=$<TARGET_FILE_DIR:zmqlog>"
    "PYTHONDONTWRITEBYTECODE=1" "ZMQLOG_EXAMPLES=${examples}")

# dlopen_test(<name> <labels> <command>...)
function(dlopen_test name labels)
  add_test(NAME dlopen/${name} COMMAND ${ARGN})
  set_tests_properties(dlopen/${name} PROPERTIES LABELS "dlopen;${labels}" TIMEOUT 60
                       SKIP_RETURN_CODE 77 ENVIRONMENT "${dlopen_environment}")
endfunction()

# dlopen_example(<name> <labels> <packages> <probe> <command>...)
function(dlopen_example name labels packages probe)
  dlopen_test(${name} "${labels}" ${dlopen_tests}/run_example.sh ${packages} ${probe}
              ${ARGN})
endfunction()

set(python /usr/bin/python3)
set(jna /usr/share/java/jna.jar)
dlopen_example(python "" python3 "${python} -c 'import ctypes'" ${python}
               ${examples}/hello.py)
dlopen_example(luajit "" luajit "luajit -v" luajit ${examples}/hello.lua)
dlopen_example(ruby "" "ruby libruby" "ruby -rfiddle -e 0" ruby ${examples}/hello.rb)
dlopen_example(perl "" libffi-platypus-perl "perl -MFFI::Platypus=2.00 -e 0" perl
               ${examples}/hello.pl)
dlopen_example(java full "default-jdk-headless libjna-java" "javac -version && test -f ${jna}"
               java -cp ${jna} ${examples}/Hello.java)
dlopen_example(php full php-cli "php -m | grep -q FFI" php
               ${examples}/hello.php)
dlopen_example(guile full guile-3.0 "guile -c '(use-modules (system foreign-library))'"
               guile --no-auto-compile ${examples}/hello.scm)
dlopen_example(node full "nodejs, and by npm: koffi (tell where in NODE_PATH)"
               "node -e 'require(\"koffi\")'" node ${examples}/hello.js)

if(ZMQLOG_INSTALL)
  dlopen_test(installed "" ${dlopen_tests}/run_installed.sh ${CMAKE_COMMAND}
              ${PROJECT_BINARY_DIR} ${python} ${examples}/hello.py)
endif()

foreach(name python_logging attach_python)
  dlopen_test(${name} "" ${python} ${dlopen_tests}/${name}.py)
endforeach()
if(ZMQLOG_RUBY_BUILT_DIR)
  list(APPEND dlopen_environment
       "RUBYLIB=${ZMQLOG_RUBY_BUILT_DIR}:${PROJECT_SOURCE_DIR}/bindings/ruby/lib")
endif()
dlopen_test(attach_ruby "" ruby ${dlopen_tests}/attach_ruby.rb)
