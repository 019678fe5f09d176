# Man pages and shell completions, where the shells and man(1) of a prefix look.

file(GLOB _pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/man/*.1)
install(FILES ${_pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)

set(_completions ${PROJECT_SOURCE_DIR}/tools/completions)
install(FILES ${_completions}/section-placement.bash
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
  RENAME section-placement)
install(FILES ${_completions}/_section-placement
  DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${_completions}/section-placement.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
