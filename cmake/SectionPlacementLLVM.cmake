# What a program that uses SectionPlacementCore links against, here and in the
# projects of users: the shared library where LLVM was built as one, as the
# distributions do. A plugin links neither: its host has LLVM in it.
#
# Needs LLVM found. Sets SECTION_PLACEMENT_LLVM_LIBRARIES.

if(TARGET LLVM)
  set(SECTION_PLACEMENT_LLVM_LIBRARIES LLVM)
else()
  set(_components
    AllTargetsAsmParsers AllTargetsCodeGens AllTargetsDescs
    AllTargetsDisassemblers AllTargetsInfos Analysis BitReader Core
    DebugInfoDWARF Demangle IRReader LTO MC MCDisassembler MCParser Object Passes ProfileData Remarks
    Support)
  # Up to 15 its parts are Support's and MC's.
  if(LLVM_VERSION_MAJOR GREATER_EQUAL 16)
    list(APPEND _components TargetParser)
  endif()
  llvm_map_components_to_libnames(SECTION_PLACEMENT_LLVM_LIBRARIES
    ${_components})
endif()
