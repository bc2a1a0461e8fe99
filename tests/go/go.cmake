# SPDX-License-Identifier: BSD-3-Clause
# The Go package against the library as it was built: its own tests, also under the
# race detector, with cgo's checks and without cgo; what is checked in against what
# SWIG makes; examples and page.
if(ZMQLOG_SANITIZE OR ZMQLOG_COVERAGE)
  return()
endif()
find_program(ZMQLOG_GO NAMES go)
set(go_version "")
set(go_race "")
if(ZMQLOG_GO)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env GOTOOLCHAIN=local ${ZMQLOG_GO} version
                  OUTPUT_VARIABLE go_version ERROR_QUIET)
  string(REGEX MATCH "go([0-9]+\\.[0-9]+)" go_version "${go_version}")
  set(go_version ${CMAKE_MATCH_1})
  execute_process(COMMAND ${CMAKE_COMMAND} -E env GOTOOLCHAIN=local ${ZMQLOG_GO} env GOARCH GOROOT
                  OUTPUT_VARIABLE go_environment ERROR_QUIET)
endif()
if(NOT go_version OR go_version VERSION_LESS 1.19)
  zmqlog_skipped("the tests of the Go package" "golang-go, 1.19 or later")
  return()
endif()

set(go_package ${PROJECT_SOURCE_DIR}/bindings/go)
set(go_tests ${PROJECT_SOURCE_DIR}/tests/go)
set(go_with ${go_tests}/with ${PROJECT_SOURCE_DIR}/abi/include
    $<TARGET_FILE_DIR:zmqlog> ${CMAKE_CURRENT_BINARY_DIR}/go)

# go_test(<name> <directory> <command>...): one after the other, because each uses both
# cores and they share a cache.
function(go_test name directory)
  add_test(NAME go/${name} COMMAND ${go_with} ${ARGN} WORKING_DIRECTORY ${directory})
  set_tests_properties(go/${name} PROPERTIES LABELS go TIMEOUT 900 RESOURCE_LOCK go)
endfunction()

go_test(golden ${go_package} ${ZMQLOG_GO} test -count=1 -run Golden .)
go_test(package ${go_package} ${ZMQLOG_GO} test -count=1 .)
go_test(nocgo ${go_package} ${CMAKE_COMMAND} -E env CGO_ENABLED=0 ${ZMQLOG_GO} test -count=1 ./...)
go_test(slog ${go_package} ${go_tests}/slog.sh ${ZMQLOG_GO} ${go_package})
set_tests_properties(go/slog PROPERTIES SKIP_RETURN_CODE 77)
go_test(examples ${go_tests} ${ZMQLOG_GO} test -count=1 .)
# SWIG turns numbers into pointers, which is what `unsafeptr` is about.
go_test(vet ${go_package} ${ZMQLOG_GO} vet -unsafeptr=false ./...)

# cgo checks every argument that goes to C in full. Since Go 1.21 this is set when
# building.
if(go_version VERSION_LESS 1.21)
  set(cgocheck GODEBUG=cgocheck=2)
else()
  set(cgocheck GOEXPERIMENT=cgocheck2)
endif()
go_test(cgocheck ${go_package} ${CMAKE_COMMAND} -E env ${cgocheck} ${ZMQLOG_GO} test
        -count=1 -short .)

if(go_environment MATCHES "^(amd64|arm64|ppc64le|s390x)\n")
  go_test(race ${go_package} ${ZMQLOG_GO} test -race -count=1 -short .)
endif()

get_filename_component(go_directory ${ZMQLOG_GO} DIRECTORY)
find_program(ZMQLOG_GOFMT NAMES gofmt HINTS ${go_directory})
if(ZMQLOG_GOFMT)
  add_test(NAME go/format
           COMMAND ${go_tests}/format.sh ${ZMQLOG_GOFMT} ${PROJECT_SOURCE_DIR})
  set_tests_properties(go/format PROPERTIES LABELS go)
endif()

add_test(NAME go/surface
         COMMAND ${PROJECT_SOURCE_DIR}/tests/swig/surface.sh go
                 ${PROJECT_SOURCE_DIR}/abi/include/zmqlog.h
                 ${go_package}/internal/native/native_wrap.c
                 ${PROJECT_SOURCE_DIR}/tests/swig/ignored)
set_tests_properties(go/surface PROPERTIES LABELS go)

if(ZMQLOG_SWIG)
  add_test(NAME go/generated COMMAND ${go_tests}/generated.sh ${go_package})
  set_tests_properties(go/generated PROPERTIES LABELS go ENVIRONMENT SWIG=${ZMQLOG_SWIG})
endif()

if(ZMQLOG_INSTALL)
  add_test(NAME go/install
           COMMAND ${go_tests}/install.sh ${CMAKE_COMMAND} ${PROJECT_BINARY_DIR}
                   ${ZMQLOG_GO} ${CMAKE_CURRENT_BINARY_DIR}/go)
  set_tests_properties(go/install PROPERTIES LABELS go TIMEOUT 300 RESOURCE_LOCK go)
endif()
