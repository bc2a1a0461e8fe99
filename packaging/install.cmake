# SPDX-License-Identifier: BSD-3-Clause
# What `cmake --install` puts where: both libraries, the headers, the pkg-config file
# and the CMake package. The last two are relative to their own place, so an installed
# tree can be moved.
include(CMakePackageConfigHelpers)

install(TARGETS zmqlog EXPORT zmqlogTargets
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime
        NAMELINK_COMPONENT development)
install(TARGETS zmqlog_static EXPORT zmqlogTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(FILES abi/include/zmqlog.h abi/include/zmqlog.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        COMPONENT development)

# pkg-config: with a relative libdir the prefix is found from the file's place.
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  set(ZMQLOG_PC_PREFIX "${CMAKE_INSTALL_PREFIX}")
  set(ZMQLOG_PC_LIBDIR "${CMAKE_INSTALL_LIBDIR}")
else()
  file(RELATIVE_PATH up "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
  string(REGEX REPLACE "/$" "" up "${up}")
  set(ZMQLOG_PC_PREFIX "\${pcfiledir}/${up}")
  set(ZMQLOG_PC_LIBDIR "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
endif()
if(IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
  set(ZMQLOG_PC_INCLUDEDIR "${CMAKE_INSTALL_INCLUDEDIR}")
else()
  set(ZMQLOG_PC_INCLUDEDIR "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()
set(ZMQLOG_PC_PRIVATE "-lzmq -lpthread")
if(ZMQLOG_ATOMIC_LIBRARY)
  string(APPEND ZMQLOG_PC_PRIVATE " -l${ZMQLOG_ATOMIC_LIBRARY}")
endif()
configure_file(packaging/zmqlog.pc.in zmqlog.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/zmqlog.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)

set(ZMQLOG_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/zmqlog)
configure_package_config_file(packaging/zmqlogConfig.cmake.in zmqlogConfig.cmake
                              INSTALL_DESTINATION ${ZMQLOG_CMAKE_DIR}
                              NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(zmqlogConfigVersion.cmake
                                 COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/zmqlogConfig.cmake
              ${PROJECT_BINARY_DIR}/zmqlogConfigVersion.cmake
        DESTINATION ${ZMQLOG_CMAKE_DIR} COMPONENT development)
install(EXPORT zmqlogTargets NAMESPACE zmqlog:: DESTINATION ${ZMQLOG_CMAKE_DIR}
        COMPONENT development)

# The manual pages of section 3 and the reference, both from the header's comments.
option(ZMQLOG_BUILD_REFERENCE "Make the manual pages and the reference" ON)
if(NOT ZMQLOG_BUILD_REFERENCE)
  return()
endif()
find_package(Python3 QUIET COMPONENTS Interpreter)
if(NOT Python3_FOUND)
  zmqlog_skipped("the manual pages of section 3 and the reference" python3)
  return()
endif()
file(STRINGS docs/zmqlog.1 date REGEX "^\\.Dd ")
string(REPLACE ".Dd " "" date "${date}")
file(GLOB reference_sources CONFIGURE_DEPENDS packaging/reference/*.py)
set(reference ${PROJECT_BINARY_DIR}/reference)
add_custom_command(
  OUTPUT ${reference}/html/index.html
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${reference}
  COMMAND ${Python3_EXECUTABLE} packaging/reference abi/include/zmqlog.h
          ${PROJECT_VERSION} ${date} ${reference}/man ${reference}/html
  DEPENDS ${reference_sources} abi/include/zmqlog.h docs/zmqlog.1
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
  COMMENT "Reference"
  VERBATIM)
add_custom_target(zmqlog_reference ALL DEPENDS ${reference}/html/index.html)
install(DIRECTORY ${reference}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man3
        COMPONENT documentation)
install(DIRECTORY ${reference}/html DESTINATION ${CMAKE_INSTALL_DOCDIR}
        COMPONENT documentation)
