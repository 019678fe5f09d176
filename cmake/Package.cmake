# `cpack -G DEB` in a build folder makes the Debian packages
#
#   section-placement-N       what belongs to LLVM N, under /usr/lib/llvm-N, and
#                             /usr/bin/section-placement-N
#   section-placement-common  man pages, completions, schemas, docs
#
# Those of several N stand side by side. It is the tree of `cmake --install`, put
# where Debian has each LLVM; PackageDebian.cmake adds what Debian wants besides.

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME section-placement)
set(CPACK_PACKAGE_VENDOR section-placement)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(SECTION_PLACEMENT_CONTACT "section-placement <section-placement@example.org>"
  CACHE STRING "The maintainer that packages name")
set(CPACK_PACKAGE_CONTACT "${SECTION_PLACEMENT_CONTACT}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL Plugin Common)
set(CPACK_COMPONENTS_GROUPING IGNORE)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PLUGIN_PACKAGE_NAME section-placement-${LLVM_VERSION_MAJOR})
set(CPACK_DEBIAN_COMMON_PACKAGE_NAME section-placement-common)
set(CPACK_DEBIAN_COMMON_PACKAGE_ARCHITECTURE all)
# The tool links the shared libLLVM, whose package is found by that; the plugin
# is bound to the interface of its major and minor version. Debian's epoch is 1.
set(CPACK_DEBIAN_PLUGIN_PACKAGE_SHLIBDEPS ON)
set(_library libllvm${LLVM_VERSION_MAJOR})
math(EXPR _next "${LLVM_VERSION_MINOR} + 1")
set(CPACK_DEBIAN_PLUGIN_PACKAGE_DEPENDS
  "section-placement-common (>= ${PROJECT_VERSION})\
, ${_library} (>= 1:${LLVM_VERSION_MAJOR}.${LLVM_VERSION_MINOR}~)\
, ${_library} (<< 1:${LLVM_VERSION_MAJOR}.${_next}~)")
set(CPACK_DEBIAN_PLUGIN_PACKAGE_RECOMMENDS
  "clang-${LLVM_VERSION_MAJOR}, lld-${LLVM_VERSION_MAJOR}")
set(CPACK_DEBIAN_PLUGIN_DESCRIPTION
"An LLVM pass plugin for clang and ld.lld that puts functions into sections
by a short policy, at LTO time, and the tool that plans, explains and
verifies it. This one is for LLVM ${LLVM_VERSION_MAJOR};
those of several versions can be installed side by side.")
set(CPACK_DEBIAN_COMMON_DESCRIPTION
"What the packages section-placement-N have in common: man pages, completions
of bash, zsh and fish, the schemas of policies and of JSON outputs, and the
documentation with its examples.")
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/PackageDebian.cmake)
# For that script.
set(CPACK_SECTION_PLACEMENT_LLVM ${LLVM_VERSION_MAJOR})
set(CPACK_SECTION_PLACEMENT_SOURCE ${PROJECT_SOURCE_DIR})
set(CPACK_DEBIAN_PLUGIN_PACKAGE_CONTROL_EXTRA
  ${PROJECT_BINARY_DIR}/debian/postinst ${PROJECT_BINARY_DIR}/debian/prerm)
set(CPACK_DEBIAN_PLUGIN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
foreach(_script postinst prerm)
  configure_file(cmake/debian/${_script}.in
    ${PROJECT_BINARY_DIR}/debian/${_script} @ONLY)
endforeach()
include(CPack)
