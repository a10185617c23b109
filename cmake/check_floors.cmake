# Fails where an include climbs: cmake -P check_floors.cmake [-DROOT=folder].
#
# Floors: harness -> {samplers, metrics} -> targets -> core; samplers and metrics never meet.
# Rooms of harness/ stand on one stair, and so do the rooms of harness/report/: each may include the rooms that are
# listed before it. Files that stand in no room (main.cc, command_line.*) are above all rooms.
cmake_minimum_required(VERSION 3.22)
if(NOT ROOT)
  get_filename_component(ROOT ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE)
endif()

set(climbs "")

# refuse(FOLDER ABOVE...): no file below FOLDER includes a path that begins with one of ABOVE.
function(refuse folder)
  list(JOIN ARGN "|" above)
  file(GLOB_RECURSE files ${ROOT}/${folder}/*.h ${ROOT}/${folder}/*.cc)
  foreach(file IN LISTS files)
    file(STRINGS ${file} lines REGEX "^[ \t]*#[ \t]*include[ \t]*\"(${above})/")
    foreach(line IN LISTS lines)
      set(climbs "${climbs}\n  ${file}: ${line}" PARENT_SCOPE)
      set(climbs "${climbs}\n  ${file}: ${line}")
    endforeach()
  endforeach()
endfunction()

# refuse_stair(PARENT ROOM...): no room includes one that is listed after it, and every folder of PARENT is listed.
macro(refuse_stair parent)
  set(rooms ${ARGN})
  set(above ${rooms})
  foreach(room IN LISTS rooms)
    list(POP_FRONT above)
    if(above)
      list(TRANSFORM above PREPEND ${parent}/ OUTPUT_VARIABLE above_paths)
      refuse(${parent}/${room} ${above_paths})
    endif()
  endforeach()
  file(GLOB children RELATIVE ${ROOT}/${parent} ${ROOT}/${parent}/*)
  foreach(child IN LISTS children)
    file(GLOB sources ${ROOT}/${parent}/${child}/*.cc ${ROOT}/${parent}/${child}/*.h)
    if(sources AND NOT child IN_LIST rooms)
      string(APPEND climbs "\n  ${parent}/${child}: a room that cmake/check_floors.cmake does not list")
    endif()
  endforeach()
endmacro()

refuse(core targets samplers metrics harness)
refuse(targets samplers metrics harness)
refuse(samplers metrics harness)
refuse(metrics samplers harness)
refuse_stair(harness support data records spec plan reference run fit report commands)
refuse_stair(harness/report analysis tables figures page)

file(GLOB stray RELATIVE ${ROOT} ${ROOT}/harness/*.h ${ROOT}/harness/*.cc)
list(FILTER stray EXCLUDE REGEX "^harness/(main|command_line)\\.(h|cc)$")
foreach(file IN LISTS stray)
  string(APPEND climbs "\n  ${file}: stands in no room")
endforeach()

if(climbs)
  message(FATAL_ERROR "includes that climb:${climbs}")
endif()
