# SPDX-License-Identifier: Apache-2.0
# The interpreter for which the package is built and that runs its tests, and nanobind.

# The virtual environment of scripts/setup, unless the caller names another interpreter (a wheel build does).
if(NOT Python_EXECUTABLE AND EXISTS ${CMAKE_SOURCE_DIR}/build/venv/bin/python)
  set(Python_EXECUTABLE ${CMAKE_SOURCE_DIR}/build/venv/bin/python)
endif()
find_package(Python 3.10 REQUIRED COMPONENTS Interpreter Development.Module)
# A wheel build brings its own.
set(_nanobind_dir ${BATON_DEPS_DIR}/nanobind/nanobind/cmake)
find_package(nanobind CONFIG QUIET PATHS ${_nanobind_dir})
if(NOT nanobind_FOUND)
  message(FATAL_ERROR "Baton: nanobind not found (searched ${_nanobind_dir}); run scripts/setup")
endif()
