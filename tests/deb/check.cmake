# Makes the Debian package of ${BUILD} below ${WORK} by ${CPACK}, looks at its fields and its files, and runs its
# program where it is unpacked. Where there is mmdebstrap, apt installs it in a clean root too, and runs an experiment
# there; that needs root, or user namespaces, and the network.
include(${CMAKE_CURRENT_LIST_DIR}/../step.cmake)

# expect(WHAT REGEX...): all of them stand in `output`.
function(expect what)
  foreach(regex IN LISTS ARGN)
    if(NOT output MATCHES "${regex}")
      message(FATAL_ERROR "${what} of the package lack '${regex}':\n${output}")
    endif()
  endforeach()
endfunction()

file(REMOVE_RECURSE ${WORK})
step(${CPACK} -G DEB --config ${BUILD}/CPackConfig.cmake -B ${WORK})
file(GLOB package ${WORK}/samplerbench_*.deb)
step(dpkg-deb --info ${package})
expect("the fields" "Package: samplerbench\n" "Version: [0-9]+[.][0-9]+[.][0-9]+\n" "Section: science\n"
       "Maintainer: [^\n]+ <[^\n]+@[^\n]+>\n" "Depends: [^\n]*libopenblas0-openmp" "Depends: [^\n]*libc6"
       "Depends: [^\n]*libtorch" "Depends: [^\n]*libcurl")
step(dpkg-deb --contents ${package})
expect("the files" " ./usr/bin/samplerbench\n" "/share/man/man1/samplerbench.1\n" "/doc/samplerbench/copyright\n"
       "/bash-completion/completions/samplerbench\n" "/zsh/site-functions/_samplerbench\n"
       "/cmake/samplerbench/samplerbenchConfig.cmake\n" "/include/samplerbench/samplers/sampler.h\n")
step(dpkg-deb --extract ${package} ${WORK}/root)
step(${WORK}/root/usr/bin/samplerbench describe smoke)
step(${WORK}/root/usr/bin/samplerbench export gaussian --bridgestan ${WORK}/gaussian.so)

find_program(MMDEBSTRAP mmdebstrap)
if(NOT MMDEBSTRAP)
  message(STATUS "no mmdebstrap: the package was not installed in a clean root")
  return()
endif()
file(STRINGS /etc/os-release release REGEX "^VERSION_CODENAME=")
string(REPLACE "VERSION_CODENAME=" "" release "${release}")
get_filename_component(name ${package} NAME)
step(${MMDEBSTRAP} --variant=apt --format=null "--customize-hook=copy-in ${package} /"
     "--customize-hook=chroot \"$1\" apt-get install -y --no-install-recommends /${name}"
     "--customize-hook=chroot \"$1\" samplerbench run smoke --no-report --results /tmp/out" ${release})
