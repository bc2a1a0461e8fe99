# SPDX-License-Identifier: BSD-3-Clause
# What `cmake --install` puts where: both libraries, the header, the pkg-config
# file and the CMake package. Both of these find their way from where they stand,
# so an installed tree can be moved.
include(CMakePackageConfigHelpers)

install(TARGETS zmqlog EXPORT zmqlogTargets
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime
        NAMELINK_COMPONENT development)
install(TARGETS zmqlog_static EXPORT zmqlogTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(FILES abi/include/zmqlog.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
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

# Manual pages, by section.
foreach(section 1 3 5 7 8)
  file(GLOB pages CONFIGURE_DEPENDS docs/man/*.${section})
  if(pages)
    install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section}
            COMPONENT documentation)
  endif()
endforeach()
