# Finds LLVM and holds it against the range that this project declares.
#
# LLVM's own version file accepts one major.minor only, so a range cannot be
# given to find_package: find what there is, then check.

set(SECTION_PLACEMENT_LLVM_OLDEST 15)
set(SECTION_PLACEMENT_LLVM_NEWEST 22)
# Those that continuous integration builds and tests.
set(SECTION_PLACEMENT_LLVM_TESTED 15 16 19 22)

find_package(LLVM REQUIRED CONFIG)

if(LLVM_VERSION_MAJOR LESS SECTION_PLACEMENT_LLVM_OLDEST OR
   LLVM_VERSION_MAJOR GREATER SECTION_PLACEMENT_LLVM_NEWEST)
  message(FATAL_ERROR
    "LLVM ${LLVM_PACKAGE_VERSION} (${LLVM_DIR}) is outside the supported "
    "range, ${SECTION_PLACEMENT_LLVM_OLDEST} to "
    "${SECTION_PLACEMENT_LLVM_NEWEST}. Install one of "
    "llvm-{${SECTION_PLACEMENT_LLVM_OLDEST}…${SECTION_PLACEMENT_LLVM_NEWEST}}"
    "-dev and configure with -DLLVM_DIR=$(llvm-config-N --cmakedir).")
elseif(NOT LLVM_VERSION_MAJOR IN_LIST SECTION_PLACEMENT_LLVM_TESTED)
  message(WARNING
    "LLVM ${LLVM_PACKAGE_VERSION} is in the supported range, but is not among "
    "the tested versions (${SECTION_PLACEMENT_LLVM_TESTED}). Run the tests.")
endif()
message(STATUS "LLVM ${LLVM_PACKAGE_VERSION}: ${LLVM_DIR}")

# What a program links against: the shared library where LLVM was built as one,
# as the distributions do. A plugin links neither: its host has LLVM in it.
if(TARGET LLVM)
  set(SECTION_PLACEMENT_LLVM_LIBRARIES LLVM)
else()
  llvm_map_components_to_libnames(SECTION_PLACEMENT_LLVM_LIBRARIES
    AllTargetsAsmParsers AllTargetsCodeGens AllTargetsDescs AllTargetsInfos
    Analysis BitReader Core Demangle IRReader MC MCParser Object Passes Remarks
    Support TargetParser)
endif()
