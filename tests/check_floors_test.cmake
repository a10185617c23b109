# Negative controls of cmake/check_floors.cmake: made-up trees in WORK, of which it passes the good one and refuses
# every other, with a message that names the mistake.
#   cmake -DCHECK=.../check_floors.cmake -DWORK=folder -P check_floors_test.cmake
cmake_minimum_required(VERSION 3.22)

# try_tree(NAME EXPECTED FILE INCLUDE): a good tree, and in it FILE with an include of INCLUDE. EXPECTED is a regex of the
# message, or "" where the check must pass.
function(try_tree name expected file include)
  set(tree ${WORK}/${name})
  file(REMOVE_RECURSE ${tree})
  file(WRITE ${tree}/core/json.h "#pragma once\n")
  file(WRITE ${tree}/samplers/hmc.cc "#include \"core/json.h\"\n")
  file(WRITE ${tree}/harness/spec/seeds.cc "#include \"harness/records/claim.h\"\n#include \"core/json.h\"\n")
  file(WRITE ${tree}/harness/report/tables/claims.cc "#include \"harness/report/analysis/grid.h\"\n")
  file(WRITE ${tree}/harness/main.cc "#include \"harness/commands/run.h\"\n")
  file(WRITE ${tree}/${file} "#include \"${include}\"\n")
  execute_process(COMMAND ${CMAKE_COMMAND} -DROOT=${tree} -P ${CHECK} RESULT_VARIABLE status ERROR_VARIABLE message)
  if(expected STREQUAL "" AND NOT status EQUAL 0)
    message(SEND_ERROR "${name}: a good tree is refused: ${message}")
  elseif(NOT expected STREQUAL "" AND (status EQUAL 0 OR NOT message MATCHES "${expected}"))
    message(SEND_ERROR "${name}: is not refused as it must be: ${message}")
  endif()
endfunction()

try_tree(good "" targets/donut.cc core/json.h)
try_tree(core_climbs "core/rng.cc: #include \"samplers/hmc.h\"" core/rng.cc samplers/hmc.h)
try_tree(target_climbs "targets/donut.h: #include \"harness/" targets/donut.h harness/support/files.h)
try_tree(sampler_meets_metric "samplers/ula.cc: #include \"metrics/" samplers/ula.cc metrics/ksd.h)
try_tree(metric_meets_sampler "metrics/ksd.cc: #include \"samplers/" metrics/ksd.cc samplers/hmc.h)
try_tree(room_climbs "harness/spec/claims.cc: #include \"harness/run/" harness/spec/claims.cc harness/run/worker.h)
try_tree(report_climbs "harness/report/analysis/grid.cc: #include \"harness/report/tables/"
         harness/report/analysis/grid.cc harness/report/tables/claims.h)
try_tree(new_room "harness/attic: a room that" harness/attic/old.cc core/json.h)
try_tree(no_room "harness/stray.cc: stands in no room" harness/stray.cc core/json.h)
