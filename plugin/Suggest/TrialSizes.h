//===- TrialSizes.h - How large the code of a trial becomes -----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How far a branch has to reach is decided by the code that stands between. No
// property of the IR says how large that becomes, so it is compiled in memory,
// by what a ThinLTO backend runs, and nothing else is: a trial asks for the
// functions between the two ends of a reference, one module after the other,
// until more than the reach stands there.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUGGEST_TRIALSIZES_H
#define SECTION_PLACEMENT_SUGGEST_TRIALSIZES_H

#include "CodeLayout.h"
#include "section-placement/Codegen/CompiledCode.h"
#include "section-placement/Suggest/ObjectScan.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringSet.h"

namespace section_placement {

class TrialSizes {
public:
  TrialSizes(const ObjectScan &Scan, CodeLayout &Layout, const LinkFacts *Link);

  /// Adds the code of module asm of \p M to the layout, as of \p File: its
  /// sizes are those of the assembler. Modules are added by their \p Number.
  void addModuleAsm(const llvm::Module &M, size_t Number, llvm::StringRef File);

  /// Adds a part for the function \p F of module \p Number, in \p Section.
  /// Nothing is compiled yet. Returns the part; nothing where an earlier module
  /// has defined what the link will take.
  std::optional<size_t> add(const llvm::Function &F, size_t Number,
                            llvm::StringRef File, llvm::StringRef Section);

  /// A piece of an output section that has to be shorter than Limit.
  struct Stretch {
    size_t Output, FirstRank, LastRank;
    uint64_t Known; ///< Bytes, without what is not compiled.
    uint64_t Limit;
    bool covers(const CodeLayout::Spot &At) const {
      return At.Output == Output && At.Rank >= FirstRank && At.Rank <= LastRank;
    }
  };

  /// Compiles what stands in \p Stretches, until each is longer than its limit
  /// or known, and says it to the layout, which is to be placed again. \p
  /// OnFile hears of each file before its code is compiled.
  llvm::Error compile(std::vector<Stretch> Stretches,
                      llvm::function_ref<void(llvm::StringRef)> OnFile);

  /// What is in \p S and was not compiled: a name, and why not; no reason where
  /// nobody asked. Nothing where all of it was.
  struct NotCompiled {
    std::string Name, Why;
  };
  std::optional<NotCompiled> unknownIn(const Stretch &S,
                                       const CodeLayout &L) const;

private:
  struct Code {
    std::string Function; ///< As the IR has it; empty for module asm.
    size_t Module;        ///< Its number.
    size_t Part;
    bool IsKnown = false;
    std::string Why; ///< It could not be compiled.
  };
  void compileModule(llvm::Module &M, llvm::ArrayRef<size_t> Wanted);
  void compile(llvm::Module &M, llvm::ArrayRef<size_t> Wanted);
  void setSize(Code &Of, uint64_t Size, uint64_t Alignment);

  const ObjectScan &Scan;
  CodeLayout &Layout;
  CodegenSettings Settings;
  std::vector<Code> All; ///< By module.
  llvm::StringSet<>
      Replicated; ///< Weak definitions, of which a link takes one.
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUGGEST_TRIALSIZES_H
