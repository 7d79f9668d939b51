# SPDX-License-Identifier: Apache-2.0
# The four kinds of target of this project. Layering is enforced by what a target links: a layer sees the headers of
# its own DEPENDS only, because each layer exports its folder under a private include tree of its own name.

add_library(baton_options INTERFACE)
target_compile_options(baton_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Woverloaded-virtual
  -Wno-missing-field-initializers)  # designated initialisers leave the rest at its default on purpose
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_compile_options(baton_options INTERFACE -Wthread-safety -Wno-gnu-zero-variadic-macro-arguments)
else()
  target_compile_options(baton_options INTERFACE -Wno-restrict)  # GCC 12 sees overlaps in "text" + std::string that are none
endif()
if(BATON_WERROR)
  target_compile_options(baton_options INTERFACE -Werror)
endif()
if(BATON_SANITIZE)
  target_compile_options(baton_options INTERFACE
    -fsanitize=${BATON_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_definitions(baton_options INTERFACE _GLIBCXX_ASSERTIONS)
  target_link_options(baton_options INTERFACE -fsanitize=${BATON_SANITIZE})
endif()
if(BATON_BUILD_FUZZERS)
  target_compile_options(baton_options INTERFACE -fsanitize=fuzzer-no-link)  # coverage of the layers under test
endif()

find_program(BATON_CCACHE ccache)
mark_as_advanced(BATON_CCACHE)
if(BATON_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${BATON_CCACHE})
endif()

# Gives TARGET the headers of the layer NAME as "NAME/x.h", and nothing else of src/: a folder with one link in it.
function(_baton_export_layer target name)
  set(view ${CMAKE_BINARY_DIR}/layers/${name})
  file(MAKE_DIRECTORY ${view})
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/src/${name} ${view}/${name} SYMBOLIC)
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${view}>)
endfunction()

# baton_add_layer(base SOURCES ... [DEPENDS base ...] [LINK lib ...]): a static library baton_<name>, alias baton::<name>.
function(baton_add_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  add_library(baton_${name} STATIC ${ARG_SOURCES})
  add_library(baton::${name} ALIAS baton_${name})
  _baton_export_layer(baton_${name} ${name})
  list(TRANSFORM ARG_DEPENDS PREPEND baton_)
  target_link_libraries(baton_${name} PUBLIC ${ARG_DEPENDS} PRIVATE ${ARG_LINK} $<BUILD_INTERFACE:baton_options>)
endfunction()

# baton_add_engine(name SOURCES ... [LINK lib ...]): a loadable module libbaton_engine_<name>.so with <name>.manifest.json beside it.
function(baton_add_engine name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_library(baton_engine_${name} MODULE ${ARG_SOURCES})
  set_target_properties(baton_engine_${name} PROPERTIES
    LIBRARY_OUTPUT_DIRECTORY ${BATON_ENGINE_OUTPUT_DIR} INSTALL_RPATH "")
  target_link_libraries(baton_engine_${name} PRIVATE baton_engine ${ARG_LINK} baton_options)
  configure_file(${CMAKE_CURRENT_SOURCE_DIR}/${name}.manifest.json ${BATON_ENGINE_OUTPUT_DIR}/${name}.manifest.json @ONLY)
  install(TARGETS baton_engine_${name} LIBRARY DESTINATION ${BATON_ENGINE_INSTALL_DIR} COMPONENT Runtime)
  install(FILES ${BATON_ENGINE_OUTPUT_DIR}/${name}.manifest.json DESTINATION ${BATON_ENGINE_INSTALL_DIR} COMPONENT Runtime)
endfunction()

# baton_add_test(name LABELS unit SOURCES x_test.cc ... LINK target ...): a GoogleTest program; every case is one ctest case.
# Tests keep no measured records: they neither find nor leave any in the user's cache folder.
function(baton_add_test name)
  if(NOT BATON_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINK;LABELS;ENVIRONMENT" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gmock GTest::gtest_main baton_options)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 60)
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST
    PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT "BATON_STORE=off;${ARG_ENVIRONMENT}")
endfunction()

# Engine modules: in the build tree and after installation, relative to the library.
set(BATON_ENGINE_OUTPUT_DIR ${CMAKE_BINARY_DIR}/lib/baton)
set(BATON_ENGINE_INSTALL_DIR ${CMAKE_INSTALL_LIBDIR}/baton)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_INSTALL_RPATH $ORIGIN/../${CMAKE_INSTALL_LIBDIR})
