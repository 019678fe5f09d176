# What `cmake --install` lays down, and the package that find_package reads:
#
#   bin/section-placement
#   lib/section-placement/SectionPlacement.so   the plugin
#   lib/libSectionPlacementCore.a  include/section-placement/
#   lib/cmake/SectionPlacement/
#   share/section-placement/policy.schema.json  share/doc/section-placement/
#
# A plugin belongs to one LLVM version; for two, install into two prefixes.
# `Plugin` is what belongs to the version, `Common` what does not: the two
# packages of cmake/Package.cmake.

include(CMakePackageConfigHelpers)

set(_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/SectionPlacement)

# A program finds the LLVM that it was linked against, wherever that stands.
set_target_properties(section-placement PROPERTIES
  INSTALL_RPATH_USE_LINK_PATH ON EXPORT_NAME tool)
set_target_properties(SectionPlacement PROPERTIES EXPORT_NAME plugin)
set_target_properties(SectionPlacementCore PROPERTIES EXPORT_NAME Core)

set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME Plugin)
install(TARGETS section-placement SectionPlacement EXPORT SectionPlacementTargets
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/section-placement)
install(TARGETS SectionPlacementCore EXPORT SectionPlacementCoreTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/section-placement
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")

install(EXPORT SectionPlacementTargets NAMESPACE SectionPlacement::
  DESTINATION ${_package_dir})
install(EXPORT SectionPlacementCoreTargets NAMESPACE SectionPlacement::
  DESTINATION ${_package_dir})

configure_package_config_file(cmake/SectionPlacementConfig.cmake.in
  ${PROJECT_BINARY_DIR}/SectionPlacementConfig.cmake
  INSTALL_DESTINATION ${_package_dir})
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/SectionPlacementConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/SectionPlacementConfig.cmake
  ${PROJECT_BINARY_DIR}/SectionPlacementConfigVersion.cmake
  cmake/SectionPlacementLLVM.cmake
  cmake/SectionPlacementPolicy.cmake
  DESTINATION ${_package_dir})

set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME Common)
install(FILES docs/policy.schema.json
  DESTINATION ${CMAKE_INSTALL_DATADIR}/section-placement)
install(DIRECTORY docs/schemas
  DESTINATION ${CMAKE_INSTALL_DATADIR}/section-placement)
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
file(GLOB _docs CONFIGURE_DEPENDS docs/*.md docs/*.png)
install(FILES ${_docs} DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
install(DIRECTORY docs/build-systems docs/kernel docs/rust DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs
  PATTERN target EXCLUDE PATTERN .gitignore EXCLUDE)
install(DIRECTORY demo DESTINATION ${CMAKE_INSTALL_DOCDIR} USE_SOURCE_PERMISSIONS)
