# SPDX-License-Identifier: Apache-2.0
# Everything from outside: Debian's libraries as baton_dep::<name>, and the engines. scripts/setup fetches them.
include(CheckCXXSourceCompiles)
include(CMakePushCheckState)

option(BATON_WITH_ONNXRUNTIME "Build the ONNX Runtime engine when its headers are found" ON)
option(BATON_WITH_OPENVINO "Build the OpenVINO engine when it is found" ON)
set(BATON_DEPS_DIR ${CMAKE_SOURCE_DIR}/build/deps CACHE PATH "Private folder that scripts/setup fills")
set(BATON_MIN_ORT_API 23)  # the floor that the ONNX Runtime engine negotiates down to

function(_baton_package_needed what package)
  message(FATAL_ERROR "Baton: ${what} not found; install the Debian package ${package}, or run scripts/setup")
endfunction()

# --- Debian's libraries -----------------------------------------------------------------------------------------------
find_package(Threads REQUIRED)

find_package(nlohmann_json CONFIG QUIET)
if(NOT nlohmann_json_FOUND)
  _baton_package_needed("nlohmann/json" nlohmann-json3-dev)
endif()
add_library(baton_dep::json ALIAS nlohmann_json::nlohmann_json)

find_package(CLI11 CONFIG QUIET)
if(NOT CLI11_FOUND)
  _baton_package_needed("CLI11" libcli11-dev)
endif()
add_library(baton_dep::cli11 ALIAS CLI11::CLI11)

if(BATON_BUILD_TESTS)
  find_package(GTest CONFIG QUIET)
  if(NOT TARGET GTest::gmock)
    _baton_package_needed("GoogleTest with GoogleMock" "libgtest-dev libgmock-dev")
  endif()
  include(GoogleTest)
endif()
if(BATON_BUILD_BENCHMARKS)
  find_package(benchmark CONFIG QUIET)
  if(NOT benchmark_FOUND)
    _baton_package_needed("google-benchmark" libbenchmark-dev)
  endif()
endif()

# True in RESULT when every object of ARCHIVE may go into a shared library. An archive built without -fPIC may not.
function(_baton_archive_is_pic archive result)
  cmake_push_check_state(RESET)
  set(CMAKE_REQUIRED_QUIET ON)
  set(CMAKE_REQUIRED_FLAGS -fPIC)
  set(CMAKE_REQUIRED_LINK_OPTIONS -shared)
  set(CMAKE_REQUIRED_LIBRARIES -Wl,--whole-archive ${archive} -Wl,--no-whole-archive)
  check_cxx_source_compiles("int main() { return 0; }" ${result})
  cmake_pop_check_state()
endfunction()

# baton_dep::<name>: the static LIBRARY with its symbols hidden where that can go into a shared library, else the shared
# one.
function(_baton_find_library name)
  cmake_parse_arguments(ARG "" "HEADER;LIBRARY;PACKAGE" "LINK" ${ARGN})
  find_path(BATON_${name}_INCLUDE_DIR ${ARG_HEADER})
  find_library(BATON_${name}_ARCHIVE lib${ARG_LIBRARY}.a)
  find_library(BATON_${name}_SHARED ${ARG_LIBRARY})
  mark_as_advanced(BATON_${name}_INCLUDE_DIR BATON_${name}_ARCHIVE BATON_${name}_SHARED)
  if(NOT BATON_${name}_INCLUDE_DIR OR NOT (BATON_${name}_ARCHIVE OR BATON_${name}_SHARED))
    _baton_package_needed("${name} (${ARG_HEADER}, lib${ARG_LIBRARY})" ${ARG_PACKAGE})
  endif()

  add_library(baton_dep::${name} UNKNOWN IMPORTED GLOBAL)
  target_include_directories(baton_dep::${name} INTERFACE ${BATON_${name}_INCLUDE_DIR})
  if(BATON_${name}_ARCHIVE)
    _baton_archive_is_pic(${BATON_${name}_ARCHIVE} BATON_${name}_ARCHIVE_IS_PIC)
  endif()
  if(BATON_${name}_ARCHIVE_IS_PIC)
    set_target_properties(baton_dep::${name} PROPERTIES IMPORTED_LOCATION ${BATON_${name}_ARCHIVE})
    # By name and not ALL: Baton's own layers are archives too, and their public symbols must stay visible.
    target_link_options(baton_dep::${name} INTERFACE -Wl,--exclude-libs,lib${ARG_LIBRARY}.a)
    target_link_libraries(baton_dep::${name} INTERFACE ${ARG_LINK})
  elseif(BATON_${name}_SHARED)
    set_target_properties(baton_dep::${name} PROPERTIES IMPORTED_LOCATION ${BATON_${name}_SHARED})
    message(STATUS "Baton: ${name} is linked as a shared library (no position-independent lib${ARG_LIBRARY}.a)")
  else()
    message(FATAL_ERROR "Baton: ${BATON_${name}_ARCHIVE} is not position-independent and there is no shared "
                        "lib${ARG_LIBRARY}; install the Debian package ${ARG_PACKAGE}")
  endif()
endfunction()

# The ONNX reader uses protobuf's coded stream only, which the lite library has.
_baton_find_library(protobuf HEADER google/protobuf/io/coded_stream.h LIBRARY protobuf-lite PACKAGE libprotobuf-dev
                    LINK Threads::Threads)
_baton_find_library(pugixml HEADER pugixml.hpp LIBRARY pugixml PACKAGE libpugixml-dev)
_baton_find_library(xxhash HEADER xxhash.h LIBRARY xxhash PACKAGE libxxhash-dev)
if(BATON_BUILD_APPS)
  _baton_find_library(stb HEADER stb/stb_image.h LIBRARY stb PACKAGE libstb-dev LINK m)  # pictures for benchmark_app
endif()

# SQLite's library is opened at run time, where there is one (src/store/sqlite_library.h).
find_path(BATON_sqlite_INCLUDE_DIR sqlite3.h)
mark_as_advanced(BATON_sqlite_INCLUDE_DIR)
if(NOT BATON_sqlite_INCLUDE_DIR)
  _baton_package_needed("SQLite's header (sqlite3.h)" libsqlite3-dev)
endif()
add_library(baton_dep::sqlite_header INTERFACE IMPORTED GLOBAL)
target_include_directories(baton_dep::sqlite_header INTERFACE ${BATON_sqlite_INCLUDE_DIR})

# --- Engines ----------------------------------------------------------------------------------------------------------
# Each place: -D on the command line, else the environment, else what scripts/setup unpacked. Only the first is cached,
# so that a later setup or another BATON_DEPS_DIR is seen.
function(_baton_place result variable default)
  set(place ${BATON_DEPS_DIR}/${default})
  if(${variable})
    set(place ${${variable}})
  elseif(DEFINED ENV{${variable}})
    set(place $ENV{${variable}})
  endif()
  set(${result} ${place} PARENT_SCOPE)
endfunction()
_baton_place(_openvino_dir OpenVINO_DIR openvino/openvino/cmake)
_baton_place(_ort_dir ONNXRUNTIME_ROOT onnxruntime/onnxruntime/capi)
_baton_place(_ort_include_dir ONNXRUNTIME_INCLUDE_DIR onnxruntime-headers/usr/include/onnxruntime)

set(BATON_HAVE_OPENVINO OFF)
set(BATON_HAVE_ONNXRUNTIME OFF)
set(_found)
set(_missing)
set(_library_path)

if(NOT BATON_WITH_OPENVINO)
  list(APPEND _missing "openvino (BATON_WITH_OPENVINO=OFF)")
else()
  set(_given ${OpenVINO_DIR})
  find_package(OpenVINO CONFIG QUIET COMPONENTS Runtime PATHS ${_openvino_dir} NO_DEFAULT_PATH)
  # find_package writes its answer into the cache, also over what the user gave.
  if(_given)
    set(OpenVINO_DIR ${_given} CACHE PATH "Folder of OpenVINOConfig.cmake" FORCE)
  else()
    unset(OpenVINO_DIR CACHE)
  endif()
  if(TARGET openvino::runtime)
    set(BATON_HAVE_OPENVINO ON)
    list(APPEND _found "openvino ${OpenVINO_VERSION} (${_openvino_dir})")
    get_target_property(_library openvino::runtime IMPORTED_LOCATION_RELEASE)
    cmake_path(GET _library PARENT_PATH _library)
    list(APPEND _library_path ${_library})
  else()
    list(APPEND _missing "openvino (searched ${_openvino_dir})")
  endif()
endif()

if(NOT BATON_WITH_ONNXRUNTIME)
  list(APPEND _missing "onnxruntime (BATON_WITH_ONNXRUNTIME=OFF)")
else()
  # The library is opened at run time; the build needs the headers only.
  file(GLOB _libraries ${_ort_dir}/libonnxruntime.so*)
  if(_libraries)
    list(GET _libraries -1 BATON_ONNXRUNTIME_LIBRARY)
    string(REGEX MATCH "[0-9]+\\.[0-9.]+$" _version ${BATON_ONNXRUNTIME_LIBRARY})
    string(STRIP "onnxruntime ${_version}" _name)
    list(APPEND _found "${_name} (${_ort_dir})")
    list(APPEND _library_path ${_ort_dir})
  else()
    list(APPEND _missing "onnxruntime library (searched ${_ort_dir}, needed at run time)")
  endif()
  set(_api 0)
  if(EXISTS ${_ort_include_dir}/onnxruntime_c_api.h)
    file(STRINGS ${_ort_include_dir}/onnxruntime_c_api.h _line REGEX "^#define ORT_API_VERSION [0-9]+")
    string(REGEX MATCH "[0-9]+" _api "${_line}")
  endif()
  if(_api GREATER_EQUAL BATON_MIN_ORT_API)
    set(BATON_HAVE_ONNXRUNTIME ON)
    list(APPEND _found "headers API ${_api} (${_ort_include_dir})")
    add_library(baton_dep::onnxruntime_headers INTERFACE IMPORTED GLOBAL)
    target_include_directories(baton_dep::onnxruntime_headers INTERFACE ${_ort_include_dir})
  elseif(_api)
    list(APPEND _missing "onnxruntime headers of API ${BATON_MIN_ORT_API} or newer (${_ort_include_dir} has ${_api})")
  else()
    list(APPEND _missing "onnxruntime headers (searched ${_ort_include_dir})")
  endif()
endif()

list(JOIN _found ", " _found)
list(JOIN _missing ", " _missing)
foreach(_list IN ITEMS _found _missing)
  if(NOT ${_list})
    set(${_list} none)
  endif()
endforeach()
message(STATUS "Baton: ${_found}; missing: ${_missing}")

# --- What the runtime is told of this build ---------------------------------------------------------------------------
# Packagers set BATON_DEFAULT_LIBRARY_PATH (empty is fine) so that no path of the build machine is in what they ship.
if(NOT DEFINED BATON_DEFAULT_LIBRARY_PATH)
  list(JOIN _library_path ":" BATON_DEFAULT_LIBRARY_PATH)
endif()
# For single sources: what differs between a build tree and a wheel is then compiled anew, and nothing else.
set(BATON_BUILD_DEFINITIONS
  BATON_VERSION="${PROJECT_VERSION}" BATON_DEFAULT_LIBRARY_PATH="${BATON_DEFAULT_LIBRARY_PATH}")
