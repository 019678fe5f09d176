# Finds LLVM and holds it against the range that this project declares.
#
# LLVM's own version file accepts one major.minor only, so a range cannot be
# given to find_package: find what there is, then check.

set(SECTION_PLACEMENT_LLVM_OLDEST 15)
set(SECTION_PLACEMENT_LLVM_NEWEST 23)
# Those that continuous integration builds and tests.
set(SECTION_PLACEMENT_LLVM_TESTED 15 16 19 22)
list(GET SECTION_PLACEMENT_LLVM_TESTED -1 _best)

# An indented line is not wrapped by CMake: it can be copied.
set(_remedy
  "Install the newest tested one and configure with it:\n"
  "  apt-get install llvm-${_best}-dev clang-${_best} lld-${_best}\n"
  "  cmake -DLLVM_DIR=$(llvm-config-${_best} --cmakedir) …")
list(JOIN _remedy "" _remedy)

find_package(LLVM CONFIG QUIET)
if(NOT LLVM_FOUND)
  message(FATAL_ERROR "No LLVM was found (LLVM_DIR is '${LLVM_DIR}').\n${_remedy}")
elseif(LLVM_VERSION_MAJOR LESS SECTION_PLACEMENT_LLVM_OLDEST OR
       LLVM_VERSION_MAJOR GREATER SECTION_PLACEMENT_LLVM_NEWEST)
  message(FATAL_ERROR
    "LLVM ${LLVM_PACKAGE_VERSION} is outside the supported range, "
    "${SECTION_PLACEMENT_LLVM_OLDEST} to ${SECTION_PLACEMENT_LLVM_NEWEST}:\n"
    "  ${LLVM_DIR}\n${_remedy}")
elseif(LLVM_VERSION_MAJOR GREATER _best)
  message(WARNING
    "LLVM ${LLVM_PACKAGE_VERSION}: its changes were read, and nothing was "
    "compiled with it or run. Run the tests before you rely on it:\n"
    "  cmake --build BUILD --target check-section-placement\n"
    "What is known is in docs/build-systems/README.md, \"LLVM 23\".")
elseif(NOT LLVM_VERSION_MAJOR IN_LIST SECTION_PLACEMENT_LLVM_TESTED)
  list(JOIN SECTION_PLACEMENT_LLVM_TESTED ", " _tested)
  message(WARNING
    "LLVM ${LLVM_PACKAGE_VERSION} is in the supported range, but is not "
    "among the tested versions (${_tested}). Run the tests before you rely on it:\n"
    "  cmake --build BUILD --target check-section-placement")
endif()
message(STATUS "LLVM ${LLVM_PACKAGE_VERSION}: ${LLVM_DIR}")

include(${CMAKE_CURRENT_LIST_DIR}/SectionPlacementLLVM.cmake)
