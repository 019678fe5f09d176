# Compile and link options of everything that is built here.

option(SECTION_PLACEMENT_WERROR "Treat warnings as errors" OFF)
set(SECTION_PLACEMENT_SANITIZERS "" CACHE STRING
  "Sanitizers to build with, as -fsanitize= takes them; with clang")
set(SECTION_PLACEMENT_PLAIN_PLUGIN "" CACHE FILEPATH
  "A plugin without sanitizers, for the tests' clang and opt")
option(SECTION_PLACEMENT_FUZZ
  "Build the fuzz targets of test/Fuzz, with clang; implies the sanitizers" OFF)
if(SECTION_PLACEMENT_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "SECTION_PLACEMENT_FUZZ needs clang's libFuzzer: "
      "configure with -DCMAKE_CXX_COMPILER=clang++-${LLVM_VERSION_MAJOR}.")
  endif()
  set(SECTION_PLACEMENT_SANITIZERS address,undefined)
endif()

# gcc reads all of a precompiled header for each file, which takes longer than
# what the file includes; clang reads what it uses.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()

add_library(section-placement-options INTERFACE)
target_compile_options(section-placement-options INTERFACE
  -Wall -Wextra
  # As LLVM itself is built by default. What derives from LLVM's classes must
  # not ask for their type information.
  -fno-rtti -fno-exceptions
  # LLVM's own builds turn it off for gcc: it doubts the small buffers of LLVM's
  # containers and formats, in their headers and at random.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  # It takes a unity build's files for headers, which may have no such types.
  $<$<AND:$<BOOL:${CMAKE_UNITY_BUILD}>,$<CXX_COMPILER_ID:GNU>>:-Wno-subobject-linkage>
  $<$<BOOL:${SECTION_PLACEMENT_WERROR}>:-Werror>)
# LLVM's headers are the system's: their warnings are not ours.
target_include_directories(section-placement-options SYSTEM INTERFACE
  ${LLVM_INCLUDE_DIRS})
separate_arguments(_definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_definitions(section-placement-options INTERFACE
  ${_definitions} SECTION_PLACEMENT_VERSION="${PROJECT_VERSION}")
# LLVM orders functions itself from 17 on, and by this call from 18 on. Asked is
# only whether it compiles: the plugin's LLVM is its host's.
include(CheckCXXSourceCompiles)
set(CMAKE_REQUIRED_INCLUDES ${LLVM_INCLUDE_DIRS})
set(CMAKE_REQUIRED_DEFINITIONS ${_definitions})
set(CMAKE_REQUIRED_FLAGS "-std=c++17 -fno-rtti")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
check_cxx_source_compiles("
#include <llvm/Transforms/Utils/CodeLayout.h>
std::vector<uint64_t> order(llvm::ArrayRef<uint64_t> Sizes,
    llvm::ArrayRef<llvm::codelayout::EdgeCount> Calls) {
  return llvm::codelayout::computeCacheDirectedLayout(Sizes, Sizes, Calls,
                                                      Sizes);
}" SECTION_PLACEMENT_HAS_CACHE_DIRECTED_LAYOUT)
unset(CMAKE_TRY_COMPILE_TARGET_TYPE)
unset(CMAKE_REQUIRED_FLAGS)
unset(CMAKE_REQUIRED_DEFINITIONS)
unset(CMAKE_REQUIRED_INCLUDES)
if(SECTION_PLACEMENT_HAS_CACHE_DIRECTED_LAYOUT)
  target_compile_definitions(section-placement-options INTERFACE
    SECTION_PLACEMENT_HAS_CACHE_DIRECTED_LAYOUT)
endif()
if(SECTION_PLACEMENT_SANITIZERS)
  target_compile_options(section-placement-options INTERFACE
    -fsanitize=${SECTION_PLACEMENT_SANITIZERS} -fno-sanitize=vptr
    -fno-sanitize-recover=all
    -fno-omit-frame-pointer -g1 -O1) # -O3 takes longer to compile than it saves.
  target_link_options(section-placement-options INTERFACE
    -fsanitize=${SECTION_PLACEMENT_SANITIZERS})
endif()
if(SECTION_PLACEMENT_FUZZ)
  # Counts what is reached; the fuzz targets bring the main program.
  target_compile_options(section-placement-options INTERFACE
    -fsanitize=fuzzer-no-link)
  target_link_options(section-placement-options INTERFACE
    -fsanitize=fuzzer-no-link)
endif()
