# Compile and link options of everything that is built here.

option(SECTION_PLACEMENT_WERROR "Treat warnings as errors" OFF)
option(SECTION_PLACEMENT_SANITIZE
  "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)

add_library(section-placement-options INTERFACE)
target_compile_options(section-placement-options INTERFACE
  -Wall -Wextra
  # As LLVM itself is built by default. What derives from LLVM's classes must
  # not ask for their type information.
  -fno-rtti -fno-exceptions
  # LLVM's own builds turn it off for gcc: it doubts the small buffers of LLVM's
  # containers and formats, in their headers and at random.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  $<$<BOOL:${SECTION_PLACEMENT_WERROR}>:-Werror>)
# LLVM's headers are the system's: their warnings are not ours.
target_include_directories(section-placement-options SYSTEM INTERFACE
  ${LLVM_INCLUDE_DIRS})
separate_arguments(_definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_definitions(section-placement-options INTERFACE
  ${_definitions} SECTION_PLACEMENT_VERSION="${PROJECT_VERSION}")
if(SECTION_PLACEMENT_SANITIZE)
  target_compile_options(section-placement-options INTERFACE
    -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all
    -fno-omit-frame-pointer -g1)
  target_link_options(section-placement-options INTERFACE
    -fsanitize=address,undefined)
endif()
