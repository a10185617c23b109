# `cpack -G DEB`: one Debian package of the program, its libraries and its headers. Whoever hands it on to others gives an
# address of their own by -DCPACK_PACKAGE_CONTACT="name <address>".
if(NOT CPACK_PACKAGE_CONTACT)
  file(STRINGS ${PROJECT_SOURCE_DIR}/CITATION.cff authors REGEX "^ +- name: ")
  string(REGEX REPLACE "^[^\"]*\"([^\"]*)\".*$" "\\1" authors "${authors}")
  set(CPACK_PACKAGE_CONTACT "${authors} <authors@samplerbench.invalid>")
endif()
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME samplerbench)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION "Runs Markov chains, particles, normalising flows and neural implicit samplers on shared
unnormalised densities, and measures the quality of their draws per second and
per gradient, with noise floors and intervals.")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
# The libraries that the program is linked with; any BLAS can be one of them, and this one is fast.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS libopenblas0-openmp)
# What figures are drawn by.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "gnuplot-nox, fonts-dejavu-core")
# What samplers and targets of a user's own are built with.
set(suggested cmake g++ libtorch-dev libboost-program-options-dev libfmt-dev nlohmann-json3-dev libtomlplusplus-dev
              libssl-dev zlib1g-dev libcurl4-openssl-dev libhwy-dev)
list(JOIN suggested ", " CPACK_DEBIAN_PACKAGE_SUGGESTS)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/samplerbench RENAME copyright)
include(CPack)
