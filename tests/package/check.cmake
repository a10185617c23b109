# Installs the suite from ${BUILD} below ${WORK}, builds the project beside this file against it, and runs it.
function(step)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "failed: ${ARGN}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
step(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
step(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${WORK}/build -G Ninja -DCMAKE_BUILD_TYPE=Release
     -DCMAKE_PREFIX_PATH=${WORK}/prefix)
step(${CMAKE_COMMAND} --build ${WORK}/build)
step(${WORK}/build/my_bench list samplers)
if(NOT output MATCHES "random-walk" OR NOT output MATCHES "dft")
  message(FATAL_ERROR "the added sampler is not listed beside the suite's own:\n${output}")
endif()
# report(NAME): runs NAME.toml and sets `cost` to its cost table.
function(report name)
  step(${WORK}/build/my_bench run ${CMAKE_CURRENT_LIST_DIR}/${name}.toml --results ${WORK}/out --no-report)
  step(${WORK}/build/my_bench report ${WORK}/out/${name} --no-figures)
  file(READ ${WORK}/out/${name}/report/tables/cost.csv cost)
  set(cost "${cost}" PARENT_SCOPE)
endfunction()

# The report knows from the entry what the added sampler's draws are: chains, which do not break even ...
report(trial)
if(NOT cost MATCHES "gaussian,random-walk[^\n]*,chains,hmc,")
  message(FATAL_ERROR "the added sampler is not treated as chains:\n${cost}")
endif()
# ... and with which a trained sampler is compared where there is no other MCMC.
report(alone)
if(NOT cost MATCHES "gaussian,random-walk[^\n]*,yardstick,random-walk," OR
   NOT cost MATCHES "gaussian,kl[^\n]*,(inf|[0-9.e+]+),random-walk,")
  message(FATAL_ERROR "the added sampler is not the yardstick:\n${cost}")
endif()
# The installed program works from where it was put.
step(${WORK}/prefix/bin/samplerbench describe smoke)
