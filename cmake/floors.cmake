# One static library a folder. Every floor shares one precompiled header, made by the lowest.

add_library(floor_flags INTERFACE)
# -fPIC everywhere, since all share one precompiled header and some packages ask for -fPIE.
# Designated initialisers leave members to their defaults on purpose; the last group are GCC 12's known false alarms
# in inlined library code at -O3.
target_compile_options(floor_flags INTERFACE -fPIC -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers
                       -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-restrict -Wno-maybe-uninitialized
                       $<$<BOOL:${SAMPLERBENCH_WERROR}>:-Werror>)

# add_floor(NAME [PUBLIC lib...] [PRIVATE lib...]): the library NAME of every .cc file under NAME/.
function(add_floor name)
  cmake_parse_arguments(floor "" "" "PUBLIC;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${name}/*.cc)
  list(REMOVE_ITEM sources ${PROJECT_SOURCE_DIR}/harness/main.cc)
  add_library(${name} STATIC ${sources})
  set_target_properties(${name} PROPERTIES OUTPUT_NAME samplerbench_${name} POSITION_INDEPENDENT_CODE ON)
  target_include_directories(${name} SYSTEM PUBLIC ${TORCH_INCLUDE_DIRS})
  target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                            $<INSTALL_INTERFACE:include/samplerbench>)
  target_compile_features(${name} PUBLIC cxx_std_20)
  target_link_libraries(${name} PUBLIC ${floor_PUBLIC} PRIVATE ${floor_PRIVATE} $<BUILD_INTERFACE:floor_flags>)
  if(name STREQUAL core)
    target_precompile_headers(core PRIVATE <torch/types.h> <nlohmann/json.hpp> <fmt/format.h>
                              <functional> <memory> <optional> <string> <vector>)
  else()
    target_precompile_headers(${name} REUSE_FROM core)
  endif()
endfunction()
