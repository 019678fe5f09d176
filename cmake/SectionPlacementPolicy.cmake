# section_placement_policy(<target> POLICY <file>
#                          [COMPILE] [ROOT <folder>] [REPORT <folder>])
#
# Puts the link of <target>, an executable or a shared or module library that is
# compiled with -flto, under the policy <file>: the linker is ld.lld, loads the
# plugin, and is told the policy, and <target> is linked again when the policy
# or the plugin changes.
#
# The policy reaches a linker by its environment only (lld reads -mllvm before
# it loads plugins), so the link command is `cmake -E env
# SECTION_PLACEMENT_POLICY=… clang …`, by the property <LANG>_LINKER_LAUNCHER.
# Another launcher that stands there stays, behind ours.
#
# COMPILE  for a target compiled without LTO, of any type: the policy acts where
#          clang compiles, and not at the link. What it says of native objects
#          does not act there.
# ROOT     what `source:` globs are relative to, above the policy's own `root`.
# REPORT   a folder for the JSON reports of the link, one a module.
#
# ROOT and REPORT are told by the environment as well, so they are for links.

# The compilers of this project are the clang that the plugin was built for.
function(_section_placement_check_compilers)
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  foreach(language IN ITEMS C CXX)
    if(NOT language IN_LIST languages)
      continue()
    endif()
    set(id "${CMAKE_${language}_COMPILER_ID}")
    string(REGEX MATCH "^[0-9]+" major "${CMAKE_${language}_COMPILER_VERSION}")
    if(id STREQUAL "Clang" AND
       major STREQUAL SectionPlacement_LLVM_VERSION_MAJOR)
      continue()
    endif()
    message(FATAL_ERROR
      "SectionPlacement was built for LLVM "
      "${SectionPlacement_LLVM_VERSION_MAJOR}, and no other loads it; the "
      "${language} compiler is ${id} ${CMAKE_${language}_COMPILER_VERSION}. "
      "Configure with clang-${SectionPlacement_LLVM_VERSION_MAJOR}, or build "
      "section-placement for your compiler's LLVM.")
  endforeach()
endfunction()

function(_section_placement_link target policy root report)
  get_target_property(type ${target} TYPE)
  if(NOT type MATCHES "^(EXECUTABLE|SHARED_LIBRARY|MODULE_LIBRARY)$")
    message(FATAL_ERROR
      "section_placement_policy: '${target}' is not linked (${type}); give the "
      "policy to the executable or shared library that it goes into.")
  endif()
  if(NOT CMAKE_GENERATOR MATCHES "Ninja|Makefiles")
    message(FATAL_ERROR
      "section_placement_policy: generator '${CMAKE_GENERATOR}' cannot set a "
      "linker's environment; use Ninja or Makefiles.")
  endif()
  set(environment "SECTION_PLACEMENT_POLICY=${policy}")
  if(root)
    list(APPEND environment "SECTION_PLACEMENT_ROOT=${root}")
  endif()
  if(report)
    list(APPEND environment "SECTION_PLACEMENT_REPORT=${report}")
  endif()
  foreach(language IN ITEMS C CXX)
    get_target_property(others ${target} ${language}_LINKER_LAUNCHER)
    if(NOT others)
      set(others "")
    endif()
    set_property(TARGET ${target} PROPERTY ${language}_LINKER_LAUNCHER
      "${CMAKE_COMMAND}" -E env ${environment} ${others})
  endforeach()
  target_link_libraries(${target} PRIVATE SectionPlacement::link)
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS
    "${policy}" "$<TARGET_FILE:SectionPlacement::plugin>")
endfunction()

function(_section_placement_compile target policy)
  target_link_libraries(${target} PRIVATE SectionPlacement::compile)
  target_compile_options(${target} PRIVATE
    "$<$<COMPILE_LANGUAGE:C,CXX>:SHELL:-mllvm \"-section-placement-policy=${policy}\">")
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources EXCLUDE REGEX "[$]<")
  set_property(SOURCE ${sources} TARGET_DIRECTORY ${target}
    APPEND PROPERTY OBJECT_DEPENDS "${policy}")
endfunction()

function(section_placement_policy target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "COMPILE" "POLICY;ROOT;REPORT" "")
  set(usage "section_placement_policy(<target> POLICY <file> [COMPILE] [ROOT <folder>] [REPORT <folder>])")
  if(arg_UNPARSED_ARGUMENTS OR arg_KEYWORDS_MISSING_VALUES OR NOT arg_POLICY)
    message(FATAL_ERROR "section_placement_policy: write\n  ${usage}")
  endif()
  if(NOT TARGET ${target})
    message(FATAL_ERROR
      "section_placement_policy: there is no target '${target}'.")
  endif()
  foreach(folder IN ITEMS ROOT REPORT)
    if(arg_COMPILE AND arg_${folder})
      message(FATAL_ERROR "section_placement_policy: ${folder} is told to a "
        "linker; it has no meaning with COMPILE.")
    endif()
  endforeach()
  get_filename_component(policy "${arg_POLICY}" ABSOLUTE)
  if(NOT EXISTS "${policy}")
    message(FATAL_ERROR
      "section_placement_policy: there is no policy file\n  ${policy}")
  endif()
  _section_placement_check_compilers()
  if(arg_COMPILE)
    _section_placement_compile(${target} "${policy}")
    return()
  endif()
  set(root "")
  if(arg_ROOT)
    get_filename_component(root "${arg_ROOT}" ABSOLUTE)
  endif()
  set(report "")
  if(arg_REPORT)
    get_filename_component(report "${arg_REPORT}" ABSOLUTE
      BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
  endif()
  _section_placement_link(${target} "${policy}" "${root}" "${report}")
endfunction()
