# SPDX-License-Identifier: Apache-2.0
# What goes into the wheel beside the Python files, which scikit-build-core takes from python/baton:
#
#   baton/_baton...so, _baton.pyi, _build.py, _tools...so
#   baton/lib/libbaton.so.0.1        with the shared libraries of Debian that it could not take in as archives
#   baton/lib/*.copyright            the notices of those, and of what is compiled in
#   baton/lib/baton/                 engine modules and manifests, where the library looks for them, and the program that
#                                    tries foreign provider libraries
install(TARGETS baton_python baton_python_tools LIBRARY DESTINATION baton COMPONENT python)
install(FILES ${_package_dir}/_baton.pyi ${_package_dir}/_build.py DESTINATION baton COMPONENT python)
install(TARGETS baton LIBRARY DESTINATION baton/lib COMPONENT python NAMELINK_SKIP)

set(_linked $<TARGET_FILE:baton>)
foreach(_engine IN ITEMS onnxruntime openvino sim)
  if(TARGET baton_engine_${_engine})
    set_target_properties(baton_engine_${_engine} PROPERTIES INSTALL_RPATH $ORIGIN/..)
    install(TARGETS baton_engine_${_engine} LIBRARY DESTINATION baton/lib/baton COMPONENT python)
    install(FILES ${BATON_ENGINE_OUTPUT_DIR}/${_engine}.manifest.json DESTINATION baton/lib/baton COMPONENT python)
    list(APPEND _linked $<TARGET_FILE:baton_engine_${_engine}>)
  endif()
endforeach()

if(TARGET baton_try_provider)
  install(TARGETS baton_try_provider RUNTIME DESTINATION baton/lib/baton COMPONENT python)
endif()

# What is compiled in keeps its notice too.
foreach(_package IN ITEMS libcli11-dev libpugixml-dev libstb-dev libxxhash-dev nlohmann-json3-dev)
  install(FILES /usr/share/doc/${_package}/copyright DESTINATION baton/lib RENAME ${_package}.copyright
    COMPONENT python OPTIONAL)
endforeach()

# A wheel holds no links, so each library is stored once, under the name that the loader asks for.
install(CODE "
  set(linked ${_linked})
  set(bundled protobuf-lite pugixml sqlite3 xxhash)
  list(TRANSFORM bundled REPLACE \"(.+)\" \"lib\\\\1[.]so\" OUTPUT_VARIABLE names)
  file(GET_RUNTIME_DEPENDENCIES LIBRARIES \${linked} RESOLVED_DEPENDENCIES_VAR found
    PRE_INCLUDE_REGEXES \${names} PRE_EXCLUDE_REGEXES .*)
  foreach(library IN LISTS found)
    cmake_path(GET library FILENAME name)
    file(REAL_PATH \${library} file)
    message(STATUS \"Bundling \${name}\")
    file(COPY_FILE \${file} \${CMAKE_INSTALL_PREFIX}/baton/lib/\${name})
    string(REGEX MATCH \"^lib[a-z]+\" package \${name})
    file(GLOB notices /usr/share/doc/\${package}*/copyright)
    if(notices)
      list(GET notices 0 notice)
      file(COPY_FILE \${notice} \${CMAKE_INSTALL_PREFIX}/baton/lib/\${name}.copyright)
    endif()
  endforeach()" COMPONENT python)
