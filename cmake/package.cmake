# `cmake --install`: the program, the floors, their headers, and a package for find_package(samplerbench).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS samplerbench RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS core targets samplers metrics harness EXPORT samplerbenchTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/samplerbench)
foreach(floor core targets samplers metrics harness)
  install(DIRECTORY ${floor} DESTINATION include/samplerbench FILES_MATCHING PATTERN "*.h"
          PATTERN "experiments" EXCLUDE)
endforeach()
install(DIRECTORY harness/experiments DESTINATION ${CMAKE_INSTALL_DATADIR}/samplerbench)
install(EXPORT samplerbenchTargets NAMESPACE samplerbench:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/samplerbench)
configure_package_config_file(cmake/samplerbenchConfig.cmake.in ${PROJECT_BINARY_DIR}/samplerbenchConfig.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/samplerbench)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/samplerbenchConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/samplerbenchConfig.cmake ${PROJECT_BINARY_DIR}/samplerbenchConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/samplerbench)
