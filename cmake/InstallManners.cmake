# Man pages and shell completions, where the shells and man(1) of a prefix look.
# The pages are made of docs/man and of the tool's own table of options, at build
# time (docs/man/make_pages.py); a tool that cannot run here gives none.

find_package(Python3 COMPONENTS Interpreter)
if(Python3_Interpreter_FOUND AND NOT CMAKE_CROSSCOMPILING)
  set(_pages ${PROJECT_BINARY_DIR}/man)
  file(GLOB _sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/man/*.in)
  add_custom_command(OUTPUT ${_pages}/stamp
    COMMAND section-placement print-option-table > ${PROJECT_BINARY_DIR}/option-table.json
    COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/docs/man/make_pages.py
      ${PROJECT_BINARY_DIR}/option-table.json ${PROJECT_SOURCE_DIR} ${_pages}
    COMMAND ${CMAKE_COMMAND} -E touch ${_pages}/stamp
    DEPENDS section-placement ${_sources}
      ${PROJECT_SOURCE_DIR}/docs/man/make_pages.py
      ${PROJECT_SOURCE_DIR}/docs/policy-language.md
    COMMENT "Making the man pages"
    VERBATIM)
  add_custom_target(man-pages ALL DEPENDS ${_pages}/stamp)
  foreach(_section 1 5)
    install(DIRECTORY ${_pages}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man${_section}
      FILES_MATCHING PATTERN "*.${_section}")
  endforeach()
else()
  message(STATUS "No Python 3 interpreter for this machine: no man pages")
endif()

set(_completions ${PROJECT_SOURCE_DIR}/tools/completions)
install(FILES ${_completions}/section-placement.bash
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
  RENAME section-placement)
install(FILES ${_completions}/_section-placement
  DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${_completions}/section-placement.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
