# One static library a floor. Sources that know no tensor share a small precompiled header, the others one with tensors.
# Several sources are compiled as one, so a name in an anonymous namespace stands for one thing in the whole floor.

add_library(floor_flags INTERFACE)
# -fPIC everywhere, since all share the precompiled headers and some packages ask for -fPIE.
# Designated initialisers leave members to their defaults on purpose; the last group are GCC 12's known false alarms
# in inlined library code at -O3.
target_compile_options(floor_flags INTERFACE -fPIC -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers
                       -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-restrict -Wno-maybe-uninitialized
                       $<$<CXX_COMPILER_ID:Clang>:-Wno-unknown-warning-option>
                       $<$<BOOL:${SAMPLERBENCH_WERROR}>:-Werror>
                       $<$<BOOL:${SAMPLERBENCH_FUZZ}>:-fsanitize-coverage=trace-pc,trace-cmp>)

set(plain_headers <functional> <memory> <optional> <string> <vector> <nlohmann/json.hpp> <fmt/format.h>)
set(tensor_headers ${plain_headers} ${PROJECT_SOURCE_DIR}/core/tensor.h)

# Settings that every library of our own sources shares.
function(set_up_floor name)
  # Installed floors have these through the target torch; a LibTorch inside the sources could not be exported.
  target_include_directories(${name} SYSTEM PUBLIC "$<BUILD_INTERFACE:${TORCH_INCLUDE_DIRS}>")
  target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                            $<INSTALL_INTERFACE:include/samplerbench>)
  target_compile_features(${name} PUBLIC cxx_std_20)
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()

# The objects of some sources of a floor, `batch` of them compiled at once, with the precompiled header of that kind
# (plain or tensor).
function(add_objects floor kind batch libraries sources)
  if(NOT sources)
    return()
  endif()
  set(name ${floor}_${kind})
  add_library(${name} OBJECT ${sources})
  set_target_properties(${name} PROPERTIES UNITY_BUILD ${SAMPLERBENCH_BATCHES} UNITY_BUILD_BATCH_SIZE ${batch})
  set_up_floor(${name})
  target_link_libraries(${name} PRIVATE ${libraries} floor_flags)
  if(NOT TARGET ${kind}_headers)
    set(owner ${PROJECT_BINARY_DIR}/${kind}_headers.cc)
    file(WRITE ${owner}.new "// Owns a precompiled header.\n")
    file(COPY_FILE ${owner}.new ${owner} ONLY_IF_DIFFERENT)
    add_library(${kind}_headers OBJECT ${owner})
    set_up_floor(${kind}_headers)
    target_link_libraries(${kind}_headers PRIVATE torch ${fmt} nlohmann_json::nlohmann_json floor_flags)
    target_compile_options(${kind}_headers PRIVATE $<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-expand=30>)
    target_precompile_headers(${kind}_headers PRIVATE ${${kind}_headers})
  endif()
  target_precompile_headers(${name} REUSE_FROM ${kind}_headers)
endfunction()

# add_floor(NAME [PUBLIC lib...] [PRIVATE lib...] [TENSOR regex] [BATCH n]): the library NAME of every .cc file under
# NAME/, but for those that are a program or a library by themselves. Only sources whose path below NAME/ matches the
# regex TENSOR (default: all) include LibTorch; n of these (default: 4) are compiled at once, as many as GCC compiles in
# less than 700 MB.
function(add_floor name)
  cmake_parse_arguments(floor "" "TENSOR;BATCH" "PUBLIC;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/${name}/*.cc)
  list(REMOVE_ITEM sources harness/main.cc targets/foreign/exported_library.cc)
  if(NOT floor_TENSOR)
    set(floor_TENSOR ".*")
  endif()
  if(NOT floor_BATCH)
    set(floor_BATCH 4)
  endif()
  set(plain ${sources})
  set(tensor ${sources})
  list(FILTER plain EXCLUDE REGEX "^${name}/(${floor_TENSOR})$")
  list(FILTER tensor INCLUDE REGEX "^${name}/(${floor_TENSOR})$")
  set(libraries ${floor_PUBLIC} ${floor_PRIVATE})
  add_objects(${name} plain 6 "${libraries}" "${plain}")
  add_objects(${name} tensor ${floor_BATCH} "${libraries}" "${tensor}")
  set(objects $<TARGET_OBJECTS:${name}_tensor>)
  if(plain)
    list(APPEND objects $<TARGET_OBJECTS:${name}_plain>)
  endif()
  add_library(${name} STATIC ${objects})
  set_up_floor(${name})
  set_target_properties(${name} PROPERTIES OUTPUT_NAME samplerbench_${name} LINKER_LANGUAGE CXX)
  target_link_libraries(${name} PUBLIC ${floor_PUBLIC} PRIVATE ${floor_PRIVATE})
endfunction()
