# Builds one static library per room of src/LAYERS, linked to exactly the rooms that file allows it to see.
# A room's CMakeLists.txt calls logdetect_room(<name> SOURCES ... [LIBRARIES ...]).

function(logdetect_room name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_library(logdetect_${name} STATIC ${arg_SOURCES})
  add_library(logdetect::${name} ALIAS logdetect_${name})
  target_include_directories(logdetect_${name}
    PUBLIC "${PROJECT_SOURCE_DIR}/include"
    PRIVATE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_BINARY_DIR}/generated")
  target_link_libraries(logdetect_${name} PRIVATE logdetect::flags ${arg_LIBRARIES})
  foreach(above IN LISTS LOGDETECT_ROOM_${name}_SEES)
    target_link_libraries(logdetect_${name} PUBLIC logdetect::${above})
  endforeach()
endfunction()

# logdetect_table(<output> <header> <type> <function> <names...>): a source file with the table of entries that the
# files of a room export as `const <type>& <name>_entry();` in namespace logdetect.
function(logdetect_table output header type function)
  set(declarations "")
  set(rows "")
  foreach(name IN LISTS ARGN)
    string(APPEND declarations "const ${type}& ${name}_entry();\n")
    string(APPEND rows "      ${name}_entry(),\n")
  endforeach()
  set(LOGDETECT_TABLE_HEADER "${header}")
  set(LOGDETECT_TABLE_TYPE "${type}")
  set(LOGDETECT_TABLE_FUNCTION "${function}")
  set(LOGDETECT_TABLE_DECLARATIONS "${declarations}")
  set(LOGDETECT_TABLE_ROWS "${rows}")
  configure_file("${PROJECT_SOURCE_DIR}/cmake/table.cc.in" "${output}" @ONLY)
endfunction()

macro(logdetect_add_rooms)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/LAYERS")
  file(STRINGS "${PROJECT_SOURCE_DIR}/src/LAYERS" layer_lines REGEX "^[a-z_]+ *\\|")
  foreach(line IN LISTS layer_lines)
    string(REGEX MATCH "^([a-z_]+) *\\|([^|]*)" matched "${line}")
    set(room "${CMAKE_MATCH_1}")
    string(REGEX MATCHALL "[a-z_]+" LOGDETECT_ROOM_${room}_SEES "${CMAKE_MATCH_2}")
    if(EXISTS "${PROJECT_SOURCE_DIR}/src/${room}/CMakeLists.txt")
      add_subdirectory("src/${room}")
      list(APPEND LOGDETECT_ROOMS ${room})
    endif()
  endforeach()
endmacro()
