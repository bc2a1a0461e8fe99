# SPDX-License-Identifier: BSD-3-Clause
# The library in other runtimes, by dlopen: every example in docs/examples/dlopen has
# to print the same; what is logged last is not lost; what Python's handler and foreign
# sockets promise. Runtimes that are missing are skipped with the package to install.
# Those labelled `full` are left out by `ctest -LE full`.
if(ZMQLOG_SANITIZE)
  return() # foreign programs do not load a library that was built with sanitizers
endif()

set(examples ${PROJECT_SOURCE_DIR}/docs/examples/dlopen)
set(dlopen_tests ${CMAKE_CURRENT_LIST_DIR})
set(python /usr/bin/python3)
set(dlopen_environment "LD_LIBRARY_PATH=$<TARGET_FILE_DIR:zmqlog>"
    "PYTHONDONTWRITEBYTECODE=1" "ZMQLOG_EXAMPLES=${examples}")

# dlopen_test(<name> <labels> <command>...)
function(dlopen_test name labels)
  add_test(NAME dlopen/${name} COMMAND ${ARGN})
  set_tests_properties(dlopen/${name} PROPERTIES LABELS "dlopen;${labels}" TIMEOUT 60
                       SKIP_RETURN_CODE 77 ENVIRONMENT "${dlopen_environment}")
endfunction()

# dlopen_runtime(<name> <labels> <suffix> <packages> <probe> <command>...): the example
# hello<suffix> and the program exit<suffix>.
function(dlopen_runtime name labels suffix packages probe)
  set(runtime ${dlopen_tests}/runtime.sh ${packages} ${probe})
  set(hello ${examples}/hello${suffix})
  set(exit ${dlopen_tests}/exits/exit${suffix})
  if(suffix STREQUAL ".java")
    set(hello ${examples}/Hello.java)
    set(exit ${dlopen_tests}/exits/Exit.java)
  endif()
  dlopen_test(${name} "${labels}" ${runtime} ${dlopen_tests}/expect.sh ${ARGN} ${hello})
  dlopen_test(${name}_exit "${labels}" ${runtime} ${python} ${dlopen_tests}/exits.py
              ${ARGN} ${exit})
endfunction()

set(jna /usr/share/java/jna.jar)
dlopen_runtime(python "" .py python3 "${python} -c 'import ctypes'" ${python})
dlopen_runtime(luajit "" .lua luajit "luajit -v" luajit)
dlopen_runtime(ruby "" .rb "ruby libruby" "ruby -rfiddle -e 0" ruby)
dlopen_runtime(perl "" .pl libffi-platypus-perl "perl -MFFI::Platypus=2.00 -e 0" perl)
dlopen_runtime(java full .java "default-jdk-headless libjna-java"
               "javac -version && test -f ${jna}" java -cp ${jna})
dlopen_runtime(php full .php php-cli "php -m | grep -q FFI" php)
dlopen_runtime(guile full .scm guile-3.0 "guile -c '(use-modules (system foreign-library))'"
               guile --no-auto-compile)
dlopen_runtime(node full .js "nodejs, and by npm: koffi (NODE_PATH tells where)"
               "node -e 'require(\"koffi\")'" node)

if(ZMQLOG_INSTALL)
  dlopen_test(installed "" ${dlopen_tests}/run_installed.sh ${CMAKE_COMMAND}
              ${PROJECT_BINARY_DIR} ${python} ${examples}/hello.py)
endif()

foreach(name python_logging python_module cpython_logging attach_python page)
  dlopen_test(${name} "" ${python} ${dlopen_tests}/${name}.py)
endforeach()
if(ZMQLOG_RUBY_BUILT_DIR)
  list(APPEND dlopen_environment
       "RUBYLIB=${ZMQLOG_RUBY_BUILT_DIR}:${PROJECT_SOURCE_DIR}/bindings/ruby/lib")
endif()
dlopen_test(attach_ruby "" ruby ${dlopen_tests}/attach_ruby.rb)
