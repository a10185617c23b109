# Installs the suite from ${BUILD} below ${WORK}, builds against it the projects that `samplerbench new` writes, runs their
# tests by ${CTEST}, and then all that misbehaves. ${FLAGS} are those of the suite's own compilation.
include(${CMAKE_CURRENT_LIST_DIR}/../step.cmake)

file(REMOVE_RECURSE ${WORK})
step(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
foreach(file bash-completion/completions/samplerbench zsh/site-functions/_samplerbench man/man1/samplerbench.1)
  if(NOT EXISTS ${WORK}/prefix/share/${file})
    message(FATAL_ERROR "not installed: share/${file}")
  endif()
endforeach()
# A sampler's project. Its program gets a target, from another one, and what misbehaves.
step(${WORK}/prefix/bin/samplerbench new sampler random-walk --out ${WORK}/project)
step(${WORK}/prefix/bin/samplerbench new target wide-law --out ${WORK}/other)
file(READ ${WORK}/other/main.cc other_main)
if(NOT other_main MATCHES "samplerbench::targets::add_wide_law\\(catalog.targets\\);")
  message(FATAL_ERROR "the target's project does not register it:\n${other_main}")
endif()
file(COPY ${WORK}/other/wide_law.h ${WORK}/other/wide_law.cc ${WORK}/other/wide_law.toml DESTINATION ${WORK}/project)
# change(FILE OLD NEW): puts NEW in place of OLD, which must be there.
function(change file old new)
  file(READ ${file} text)
  string(FIND "${text}" "${old}" place)
  if(place EQUAL -1)
    message(FATAL_ERROR "${file} has no '${old}'")
  endif()
  string(REPLACE "${old}" "${new}" text "${text}")
  file(WRITE ${file} "${text}")
endfunction()
change(${WORK}/project/CMakeLists.txt "main.cc"
       "main.cc wide_law.cc ${CMAKE_CURRENT_LIST_DIR}/../programs/sanitizer_options.cc")
change(${WORK}/project/main.cc "#include \"random_walk.h\"" "#include \"random_walk.h\"
#include \"wide_law.h\"
#include \"${CMAKE_CURRENT_LIST_DIR}/misbehaving.h\"")
change(${WORK}/project/main.cc "  return " "  samplerbench::targets::add_wide_law(catalog.targets);
  misbehaving::add(catalog);
  return ")
step(${CMAKE_COMMAND} -S ${WORK}/project -B ${WORK}/build -G Ninja -DCMAKE_BUILD_TYPE=Release
     -DCMAKE_PREFIX_PATH=${WORK}/prefix "-DCMAKE_CXX_FLAGS=${FLAGS}")
step(${CMAKE_COMMAND} --build ${WORK}/build)
# The tests of the sampler's project, and those of the target's.
step(${CTEST} --test-dir ${WORK}/build --output-on-failure)
step(${WORK}/build/my_bench check ${WORK}/project/wide_law.toml)
step(${WORK}/build/my_bench run ${WORK}/project/wide_law.toml --results ${WORK}/out --check-claims)
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
# How each of the misbehaving samplers must end: the way, the status and the reason.
set(right "and \\(50, 2\\) float32 is right")
set(chains_right "and \\(n, n, 2\\) float32 is right")
set(ways
    "not|finished|steps" "refuse|skipped|does not take this target" "throw|error|own <error> & message"
    "throw_number|error|no std::exception" "diverge|diverged|the loss is not finite" "nan|diverged|draws are not finite"
    "infinity|diverged|draws are not finite" "kill|crashed|signal 9" "abort|crashed|signal 6" "segfault|crashed|signal 11"
    "exit|crashed|exit code 9" "exit_0|crashed|exit code 0" "exit_3|crashed|exit code 3" "exit_4|crashed|exit code 4"
    "hoard|out_of_memory|more than 1024 MiB" "few_rows|error|\\(25, 2\\) float32, ${right}"
    "no_rows|error|\\(0, 2\\) float32, ${right}" "wide|error|\\(50, 3\\) float32, ${right}"
    "flat|error|\\(100\\) float32, ${right}" "integers|error|\\(50, 2\\) int64, ${right}"
    "doubles|error|\\(50, 2\\) float64, ${right}" "undefined|error|an undefined tensor, ${right}"
    "chains_wide|error|\\(4, 10, 4\\) float32, ${chains_right}" "chains_flat|error|\\(40, 2\\) float32, ${chains_right}"
    "chains_empty|error|\\(4, 0, 2\\) float32, ${chains_right}"
    "chains_integers|error|\\(4, 10, 2\\) int64, ${chains_right}"
    "chains_undefined|error|an undefined tensor, ${chains_right}" "chains_nan|diverged|chains are not finite"
    "chains_infinity|diverged|chains are not finite" "loss_nan|diverged|loss = nan" "loss_infinity|diverged|loss = inf"
    "loss_words|error|string as its diagnostic 'loss'" "loss_list|error|returned array" "fork|finished|steps"
    "fork_session|finished|steps" "fork_twin|finished|steps" "shell|finished|steps"
    "change_folder|finished|steps" "close_files|finished|steps" "leave_thread|finished|steps"
    "kill_group|crashed|signal 9" "density_wide|error|\\(50, 1\\) float32, and \\(50\\) float32 is right")
# Those of a short limit, which the others need not keep to.
set(late_ways
    "hang|timeout|more than 3 s" "stop|timeout|more than 3 s" "deaf|timeout|more than 3 s"
    "fork_overrun|timeout|more than 3 s")
set(target_ways
    "not|finished|" "density_column|error|\\(50, 1\\) float64" "density_scalar|error|\\(\\) float64"
    "density_doubles|error|\\(50\\) float32" "density_undefined|error|an undefined tensor" "score_flat|error|score of the"
    "exact_wide|error|\\(50, 3\\) float64" "exact_few|error|\\(25, 2\\) float64" "exact_floats|error|\\(50, 2\\) float32"
    "exact_nan|error|not finite" "modes_beyond|error|returned 5" "exit_3|crashed|exit code 3"
    "make_throws|error|own message")

# battery(NAME TIME_S TARGET SAMPLER METRIC SEEN WAY...): runs a spec of all ways of the target or the sampler SEEN with
# this limit of seconds, from another folder, and compares the last line of every record.
function(battery name time_s target sampler metric seen)
  string(REGEX MATCHALL "[a-z_0-9]+\\|[a-z_]+\\|" heads "${ARGN}")
  string(REGEX REPLACE "\\|[a-z_]+\\|" "\"" list "\"${heads}")
  string(REPLACE ";" ", \"" list "${list}")
  set(crooked "")
  set(options "")
  if(seen STREQUAL target)
    set(crooked "options = { how = [${list}] }")
  else()
    set(options "options = { how = [${list}] }")
  endif()
  file(WRITE ${WORK}/${name}.toml "name = \"${name}\"\nseeds = 1\ndraws = 50\ncheckpoints = 2\nfloor_replications = 2
metrics = [\"ksd_imq_v\", \"${metric}\"]\nbudget = { steps = 8 }\nlimits = { time_s = ${time_s}, memory_mib = 1024 }
[[targets]]\nname = \"${target}\"\n${crooked}\n[[samplers]]\nname = \"${sampler}\"\n${options}\n")
  execute_process(COMMAND ${WORK}/build/my_bench run ${name}.toml --results out --jobs 2 --no-report
                  WORKING_DIRECTORY ${WORK} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT code EQUAL 1)
    message(FATAL_ERROR "exit code ${code} of an experiment with failed runs:\n${output}")
  endif()
  foreach(way IN LISTS ARGN)
    string(REGEX MATCH "^([^|]*)\\|([^|]*)\\|(.*)$" matched "${way}")
    set(how "${CMAKE_MATCH_1}")
    set(status "${CMAKE_MATCH_2}")
    set(reason "${CMAKE_MATCH_3}")
    file(GLOB record ${WORK}/out/${name}/*=${how}/sampler-*/*.jsonl ${WORK}/out/${name}/*/sampler-*=${how}/*.jsonl)
    list(FILTER record EXCLUDE REGEX "/sampler-start/")
    if(NOT record AND how STREQUAL "not")
      file(GLOB record ${WORK}/out/${name}/${target}/sampler-${sampler}/*.jsonl)
    endif()
    file(STRINGS "${record}" end REGEX "\"type\":\"end\"")
    if(NOT end MATCHES "\"reason\":\"[^\"]*${reason}" OR NOT end MATCHES "\"status\":\"${status}\"")
      message(FATAL_ERROR "${name}, ${how}: not ${status} (${reason}): ${record}\n${end}\n${output}")
    endif()
  endforeach()
  # No process and no lock survives.
  execute_process(COMMAND sh -c "ls -l /proc/[0-9]*/exe 2>/dev/null | grep '${WORK}/build/my_bench'" RESULT_VARIABLE none
                  OUTPUT_VARIABLE survivors)
  file(GLOB_RECURSE parts ${WORK}/out/${name}/*.part)
  if(none EQUAL 0 OR parts)
    message(FATAL_ERROR "left behind by ${name}: ${survivors} ${parts}")
  endif()
endfunction()
battery(samplers 60 gaussian misbehaving importance_ess misbehaving ${ways})
battery(late 3 gaussian misbehaving importance_ess misbehaving ${late_ways})
battery(targets 60 crooked ula mode_weight_error crooked ${target_ways})
# The report tells of them.
step(${WORK}/build/my_bench report ${WORK}/out/samplers --no-figures)
# The installed program works from where it was put.
step(${WORK}/prefix/bin/samplerbench describe smoke)
# So does the Python package beside it, which finds that program; and it has no more files than a checkout.
set(package ${WORK}/prefix/share/samplerbench/python)
step(${CMAKE_COMMAND} -E env --unset=SAMPLERBENCH PYTHONPATH=${package} PYTHONDONTWRITEBYTECODE=1 ${PYTHON} -c
     "from samplerbench import Target, program\nprint(program.find_program(), Target('donut').dim)")
if(NOT output MATCHES "/prefix/bin/samplerbench 2\n$")
  message(FATAL_ERROR "the installed Python package uses another program, or none:\n${output}")
endif()
file(GLOB_RECURSE installed RELATIVE ${package} ${package}/*)
list(FILTER installed EXCLUDE REGEX "^samplerbench/[a-z_]+\\.py$")
if(NOT "${installed}" STREQUAL "README.md;pyproject.toml;samplerbench/py.typed")
  message(FATAL_ERROR "the installed Python package has other files: ${installed}")
endif()
