# The pages of docs/ for ParaView's Help, one for each source and filter: a resource of the window (window_resources). The
# build goes on without them where a tool is missing.
unset(CSRO_HELP_FILE CACHE)
find_program(CSRO_PYTHON3 python3 HINTS /usr/bin)
find_program(CSRO_QHELPGENERATOR qhelpgenerator HINTS /usr/lib/qt5/bin /usr/lib/qt6/libexec)
set(help_folder ${CMAKE_CURRENT_BINARY_DIR}/help)
set(help_file ${help_folder}/paraview_apt_csro.qch)
set(help_command ${CSRO_PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/help/make_help.py ${PROJECT_SOURCE_DIR}/docs
  ${PROJECT_SOURCE_DIR}/xml/proxies ${help_folder} ${CSRO_QHELPGENERATOR})
if(NOT CSRO_PYTHON3 OR NOT CSRO_QHELPGENERATOR)
  message(STATUS "No help pages in ParaView's Help: python3 or qhelpgenerator is missing")
  return()
endif()
if(NOT EXISTS ${help_file}) # do the tools work?
  execute_process(COMMAND ${help_command} RESULT_VARIABLE help_result OUTPUT_VARIABLE help_output
    ERROR_VARIABLE help_output)
  if(help_result EQUAL 77)
    message(STATUS "No help pages in ParaView's Help: ${help_output}")
    return()
  elseif(NOT help_result EQUAL 0)
    message(FATAL_ERROR "${help_output}")
  endif()
endif()
file(GLOB help_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/*.md ${PROJECT_SOURCE_DIR}/docs/images/*)
add_custom_command(OUTPUT ${help_file} COMMAND ${help_command}
  DEPENDS ${help_sources} ${proxies} ${CMAKE_CURRENT_SOURCE_DIR}/help/make_help.py
  COMMENT "Making the pages of ParaView's Help")
configure_file(${CMAKE_CURRENT_SOURCE_DIR}/help/help.qrc.in ${CMAKE_CURRENT_BINARY_DIR}/csro_help.qrc @ONLY)
list(APPEND window_resources ${CMAKE_CURRENT_BINARY_DIR}/csro_help.qrc)
set(CSRO_HELP_FILE ${help_file} CACHE INTERNAL "The pages, for the test")
