# Run by cpack between install and packaging: what Debian wants besides the tree
# of `cmake --install`.

set(_plugin ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/Plugin/usr)
set(_common ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/Common/usr)
set(_folder llvm-${CPACK_SECTION_PLACEMENT_LLVM})
set(_name section-placement-${CPACK_SECTION_PLACEMENT_LLVM})

function(_compress)
  foreach(file IN LISTS ARGN)
    execute_process(COMMAND gzip -9nf ${file} COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
endfunction()

file(RENAME ${_plugin} ${_plugin}-tree)
file(MAKE_DIRECTORY ${_plugin}/lib)
file(RENAME ${_plugin}-tree ${_plugin}/lib/${_folder})

# The libLLVM of the distribution is where the loader looks.
execute_process(COMMAND_ERROR_IS_FATAL ANY COMMAND strip --strip-debug
  ${_plugin}/lib/${_folder}/lib/libSectionPlacementCore.a)
file(RPATH_REMOVE FILE ${_plugin}/lib/${_folder}/bin/section-placement)
file(MAKE_DIRECTORY ${_plugin}/bin ${_plugin}/share/man/man1)
file(CREATE_LINK ../lib/${_folder}/bin/section-placement
  ${_plugin}/bin/${_name} SYMBOLIC)
file(CREATE_LINK section-placement.1.gz
  ${_plugin}/share/man/man1/${_name}.1.gz SYMBOLIC)

file(GLOB _pages ${_common}/share/man/man1/*.1)
_compress(${_pages})
file(RENAME ${_common}/share/doc/section-placement
  ${_common}/share/doc/section-placement-common)
_compress(${_common}/share/doc/section-placement-common/LICENSE)
file(RENAME ${_common}/share/zsh/site-functions
  ${_common}/share/zsh/vendor-completions)

set(_date "Sat, 28 Nov 2026 00:00:00 +0000")
foreach(_package ${_plugin}/share/doc/${_name}
    ${_common}/share/doc/section-placement-common)
  file(MAKE_DIRECTORY ${_package})
  file(COPY ${CPACK_SECTION_PLACEMENT_SOURCE}/cmake/debian/copyright
    DESTINATION ${_package})
  get_filename_component(_package_name ${_package} NAME)
  file(WRITE ${_package}/changelog
"${_package_name} (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * The history is in the project's repository.

 -- ${CPACK_PACKAGE_CONTACT}  ${_date}
")
  _compress(${_package}/changelog)
endforeach()
