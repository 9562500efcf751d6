# Debian 13's ParaView 5.13.2: its CMake files name the Python modules without the suffix that the
# installed files have (vtkCommonCore.so for vtkCommonCore.cpython-313-x86_64-linux-gnu.so), and
# find_package(ParaView) stops at the first one. The plugin links none of them. CMake passes over a
# file of targets that exist already, so where modules are missing this declares those of the file,
# empty, before find_package comes to them. Nothing outside the build folder is touched; a ParaView
# whose files tell the truth is left as it is, and so is one that ParaView_DIR names elsewhere.
file(GLOB csro_paraview /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/cmake/paraview-5.*)
if(ParaView_DIR AND NOT ParaView_DIR STREQUAL csro_paraview)
  return()
endif()
foreach(csro_file vtk/VTKPython ParaViewPython ParaViewPythonIncubator)
  file(GLOB csro_candidate_grid ${csro_paraview}/${csro_file}-targets-*.cmake)
  if(NOT csro_candidate_grid)
    continue()
  endif()
  file(STRINGS ${csro_candidate_grid} csro_module REGEX "^ *IMPORTED_LOCATION_" LIMIT_COUNT 1)
  string(REGEX REPLACE ".*{_IMPORT_PREFIX}(.*)\".*" "/usr\\1" csro_module "${csro_module}")
  if(EXISTS "${csro_module}")
    continue()
  endif()
  file(STRINGS ${csro_paraview}/${csro_file}-targets.cmake csro_declarations REGEX "^add_library\\(")
  foreach(csro_declaration IN LISTS csro_declarations)
    string(REGEX MATCH "\\(([^ ]+)" csro_target "${csro_declaration}")
    add_library(${CMAKE_MATCH_1} INTERFACE IMPORTED)
  endforeach()
endforeach()
