//===- WholeProgram.h - The modules of a link as one Program ----*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A ThinLTO backend sees one module. The thin link sees all of them, through
// summaries: who is defined where, who calls whom, how often. So does this, one
// module at a time in memory, and joins them as the linker will: by the exact
// name, a strong definition before a weak one, the first of several comdats.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_WHOLE_WHOLEPROGRAM_H
#define SECTION_PLACEMENT_WHOLE_WHOLEPROGRAM_H

#include "section-placement/Codegen/CompiledCode.h"
#include "section-placement/Model/CompiledFacts.h"
#include "section-placement/Model/Program.h"
#include "section-placement/Objects/NativeObject.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Support/StringSaver.h"
#include <memory>

namespace llvm {
class Module;
class ModuleSummaryIndex;
} // namespace llvm

namespace section_placement {

class LinkFacts;
class LiveCode;
class NativeMembers;
struct ModuleInput;
struct ReadModule;

class WholeProgram {
public:
  /// \p Wanted and \p Root must outlive this. \p ReadsBodies: read each
  /// module's code rather than its summary: slower, and nothing is missed.
  WholeProgram(const Interest &Wanted, const SourceRoot &Root, bool ReadsBodies)
      : Wanted(Wanted), Root(Root), ReadsBodies(ReadsBodies) {}
  WholeProgram(const WholeProgram &) = delete;

  /// What the link is, which must outlive this. Before anything is added.
  void setLink(const LinkFacts &Facts) { Link = &Facts; }
  /// What the link keeps, which must outlive this and is filled by it: what the
  /// link drops is undefined then. Wanted.Guids must be set. Before anything is
  /// added.
  void setLive(LiveCode &Code) { Live = &Code; }
  /// The native code of the link, which must outlive this: what compiled code
  /// calls of it is followed. Before compile().
  void setMembers(NativeMembers &All) { Members = &All; }

  /// Adds what the bitcode in \p Bytes, called \p Name, defines. A module
  /// without a summary is read by its bodies. Fails where it is damaged.
  llvm::Error addBitcode(llvm::MemoryBufferRef Bytes, llvm::StringRef Name);

  /// Adds the native code that the policy reads, which outlives this. \p All is
  /// all native code that is known, for telling native callees from missing
  /// ones. After the last addBitcode().
  void addNatives(const NativeFacts &Facts, const NativeFacts &All);

  /// Adds what \p Other defines as what the link drops, for messages: the code
  /// of files that it leaves out. After addNatives().
  void addLeftOut(const Program &Other);

  /// Binds names to definitions. To be called once, at the end.
  Program &finish();

  /// Compiles \p Symbols, functions of the bitcode, each in its module, after
  /// what a backend runs before code generation, and adds to \p Facts what that
  /// tells. Their sizes are then those of the code, and what it calls are
  /// edges. After finish(), as often as is needed; the bitcode must still be
  /// there. Fails where a module is damaged; what cannot be compiled is in the
  /// Facts.
  llvm::Error compile(llvm::ArrayRef<uint32_t> Symbols, CompiledFacts &Facts,
                      const CodegenSettings &Settings);

  /// Before finish(): those of the bitcode so far, one module's after the
  /// other's.
  uint32_t symbolCount() const { return P.Symbols.size(); }
  unsigned moduleCount() const { return ModuleCount; }
  /// Is one of these of a module that was compiled with a profile? It says
  /// which calls are hot, and not what ran.
  bool hasProfiledSummary() const { return HasProfiledSummary; }

private:
  friend class ModuleJoiner;
  friend class PartCompiler;
  /// A module, and which symbols it has put into the Program.
  struct PartOfWhole {
    llvm::BitcodeModule Bitcode;
    uint32_t Begin, End;
  };
  std::string Input; ///< The name of the input at hand.
  llvm::Error addPart(llvm::BitcodeModule &Part);
  llvm::Error readPart(llvm::BitcodeModule &Part);
  llvm::Error addBodies(llvm::BitcodeModule &Part);
  llvm::Error addSummary(llvm::BitcodeModule &Part,
                         const llvm::ModuleSummaryIndex &Index);
  llvm::StringRef keep(llvm::StringRef Text) {
    return Text.empty() ? llvm::StringRef() : Strings.save(Text);
  }
  /// A place for a name that no definition is known of yet.
  uint32_t promise(llvm::StringRef Name);
  uint32_t resolve(uint32_t Symbol) const;
  /// What each promise is bound to. Where PROVIDE says it, by which words.
  struct BoundPromise {
    uint32_t Symbol;
    Binding How;
    llvm::StringRef By;
  };
  void bindPromises();
  BoundPromise bindPromise(llvm::StringRef Name);
  /// After finish(): what a reference to the global \p Name goes to.
  uint32_t boundSymbol(llvm::StringRef Name);
  void bindEdges();
  void dropDead();
  /// \p M as one of the modules that are joined.
  ModuleInput inputOf(llvm::Module &M) const;

  const Interest &Wanted;
  const SourceRoot &Root;
  bool ReadsBodies;
  Program P;
  llvm::BumpPtrAllocator Arena;
  llvm::UniqueStringSaver Strings{Arena};
  /// Global definitions by name, and whether another may take its place.
  struct Definition {
    uint32_t Symbol;
    bool IsWeak;
    Binding Bound = Binding::Definition; ///< Of what refers to it.
    bool IsAlias = false; ///< Of a symbol that has a name of its own.
  };
  llvm::StringMap<Definition> Globals;
  llvm::StringMap<uint32_t> Promises; ///< With the highest bit set in edges.
  std::vector<llvm::StringRef> Promised;
  std::vector<BoundPromise> Bound;
  const LinkFacts *Link = nullptr;
  LiveCode *Live = nullptr;
  NativeMembers *Members = nullptr;
  /// Of a definition that a stronger one took the place of: that one.
  llvm::DenseMap<uint32_t, uint32_t> Replaced;
  llvm::StringMap<uint32_t> EvidenceOf;
  const NativeFacts *AllNatives = nullptr;
  std::vector<PartOfWhole> Parts;
  unsigned ModuleCount = 0;
  bool HasProfiledSummary = false;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_WHOLE_WHOLEPROGRAM_H
