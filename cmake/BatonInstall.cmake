# SPDX-License-Identifier: Apache-2.0
# What applications see of the library: its headers, its version, and find_package(Baton) for this build tree and after
# `cmake --install`. Engine modules and applications install themselves where they are built.
include(CMakePackageConfigHelpers)
set(_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Baton)

target_include_directories(baton INTERFACE
  $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(baton INTERFACE cxx_std_20)
set_target_properties(baton PROPERTIES
  VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR} INSTALL_RPATH "")
if(SKBUILD)  # a wheel holds no links, and brings the libraries beside this one
  set_target_properties(baton PROPERTIES
    VERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR} INSTALL_RPATH $ORIGIN)
endif()

install(TARGETS baton EXPORT BatonTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT Runtime NAMELINK_COMPONENT Development)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/baton DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT Development)
install(EXPORT BatonTargets NAMESPACE baton:: DESTINATION ${_package_dir} COMPONENT Development)
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT Runtime)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/BatonConfig.cmake.in ${CMAKE_BINARY_DIR}/BatonConfig.cmake
  INSTALL_DESTINATION ${_package_dir})
# Before 1.0 a new minor version may change the interface.
write_basic_package_version_file(${CMAKE_BINARY_DIR}/BatonConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/BatonConfig.cmake ${CMAKE_BINARY_DIR}/BatonConfigVersion.cmake
  DESTINATION ${_package_dir} COMPONENT Development)

# The build tree is a package too: -DBaton_DIR=build/release
export(EXPORT BatonTargets NAMESPACE baton:: FILE ${CMAKE_BINARY_DIR}/BatonTargets.cmake)
