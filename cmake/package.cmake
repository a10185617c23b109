# `cmake --install`: the program, the floors, their headers, and a package for find_package(samplerbench).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS samplerbench RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# The library that `samplerbench export` copies, and where the program looks for it.
install(TARGETS bridgestan_export LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/samplerbench)
set_source_files_properties(harness/commands/export.cc PROPERTIES COMPILE_DEFINITIONS
  "SAMPLERBENCH_LIBRARIES=\"${CMAKE_INSTALL_LIBDIR}/samplerbench\";SAMPLERBENCH_INSTALLED_LIBRARIES=\"${CMAKE_INSTALL_FULL_LIBDIR}/samplerbench\";SAMPLERBENCH_BUILT_LIBRARIES=\"${PROJECT_BINARY_DIR}\"")
install(TARGETS core targets samplers metrics harness EXPORT samplerbenchTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/samplerbench)
foreach(floor core targets samplers metrics harness)
  install(DIRECTORY ${floor} DESTINATION include/samplerbench FILES_MATCHING PATTERN "*.h"
          PATTERN "experiments" EXCLUDE PATTERN "fits" EXCLUDE PATTERN "python" EXCLUDE PATTERN "skeletons" EXCLUDE)
endforeach()
# The Python package, to be installed by pip from there or named in PYTHONPATH; without what builds of it leave.
install(DIRECTORY harness/python DESTINATION ${CMAKE_INSTALL_DATADIR}/samplerbench
        FILES_MATCHING PATTERN "*.py" PATTERN "pyproject.toml" PATTERN "README.md" PATTERN "py.typed"
        PATTERN "build" EXCLUDE PATTERN "*.egg-info" EXCLUDE PATTERN "__pycache__" EXCLUDE)
install(DIRECTORY harness/experiments harness/fits DESTINATION ${CMAKE_INSTALL_DATADIR}/samplerbench)
# The trained models that the suite is published with, and where the program looks for them.
install(DIRECTORY results/models DESTINATION ${CMAKE_INSTALL_DATADIR}/samplerbench OPTIONAL)
set_source_files_properties(harness/data/published_models.cc PROPERTIES COMPILE_DEFINITIONS
  "SAMPLERBENCH_INSTALLED_SHARE=\"${CMAKE_INSTALL_FULL_DATADIR}/samplerbench\";SAMPLERBENCH_SOURCE_RESULTS=\"${PROJECT_SOURCE_DIR}/results\"")
# Completion for shells, and the manual page, as the program prints them.
set(documents ${PROJECT_BINARY_DIR}/documents)
add_custom_command(
  OUTPUT ${documents}/samplerbench.bash ${documents}/_samplerbench ${documents}/samplerbench.1
  COMMAND ${CMAKE_COMMAND} -E make_directory ${documents}
  COMMAND samplerbench completion bash > ${documents}/samplerbench.bash
  COMMAND samplerbench completion zsh > ${documents}/_samplerbench
  COMMAND samplerbench help --man > ${documents}/samplerbench.1
  DEPENDS samplerbench VERBATIM)
add_custom_target(documents ALL DEPENDS ${documents}/samplerbench.1)
install(FILES ${documents}/samplerbench.bash RENAME samplerbench OPTIONAL
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${documents}/_samplerbench DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions OPTIONAL)
install(FILES ${documents}/samplerbench.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 OPTIONAL)
install(EXPORT samplerbenchTargets NAMESPACE samplerbench:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/samplerbench)
configure_package_config_file(cmake/samplerbenchConfig.cmake.in ${PROJECT_BINARY_DIR}/samplerbenchConfig.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/samplerbench)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/samplerbenchConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/samplerbenchConfig.cmake ${PROJECT_BINARY_DIR}/samplerbenchConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/samplerbench)
