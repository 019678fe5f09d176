//===- IRReader.h - A module as a Program ---------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_IR_IRREADER_H
#define SECTION_PLACEMENT_IR_IRREADER_H

#include "section-placement/Model/Program.h"
#include "section-placement/Objects/NativeObject.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>
#include <vector>

namespace llvm {
class BlockFrequencyInfo;
class CallBase;
class Function;
class GlobalValue;
class GlobalVariable;
class Module;
class ProfileSummaryInfo;
class TargetTransformInfo;
} // namespace llvm

namespace section_placement {

class BitcodeInputs;
class LinkFacts;

struct ModuleInput {
  llvm::Module &M;
  const Interest &Wanted;
  const SourceRoot &Root;
  /// A full-LTO link merged it: its source_filename is nobody's, and a bare
  /// number at a name's end is the merge's.
  bool IsMerged = false;
  /// Its functions have their bodies; else only what its header says is read.
  bool HasBodies = true;
  /// Native code of the link; null where none was read.
  const NativeFacts *Natives = nullptr;
  /// What the link is; null where nobody knows, and then each name is taken for
  /// its definition.
  const LinkFacts *Link = nullptr;
  /// The object keeps `common` symbols, which another object may define: a
  /// compile without LTO.
  bool KeepsCommon = false;
  /// The module is one of several that are joined, so what PROVIDE defines is
  /// not known before all are read.
  bool IsPartOfWhole = false;
  /// All definitions of a name that the program will have were seen: the linker
  /// has bound it. Not in a compile, nor before the last link (`-r`).
  bool IsLastLink = false;
  /// The name of the module's input, as `lib.a(member.o)`. What came of a full
  /// LTO link's merge is asked of Inputs, where they are known.
  llvm::StringRef Input = {};
  BitcodeInputs *Inputs = nullptr;
  /// Symbols of Natives that the policy names, wherever they refer to.
  llvm::ArrayRef<uint32_t> NamedNatives = {};
  /// The module's profile, with Frequencies; null where nobody asks.
  llvm::ProfileSummaryInfo *Profile = nullptr;
  /// How often the blocks of a function run; asked only where it matters.
  llvm::function_ref<llvm::BlockFrequencyInfo &(llvm::Function &)> Frequencies =
      nullptr;
  /// What instructions cost on the target; null where nobody asks for sizes.
  llvm::function_ref<const llvm::TargetTransformInfo &(llvm::Function &)>
      Costs = nullptr;
};

struct ReadModule {
  Program P;
  /// The functions of the first symbols of P, in the module's order.
  llvm::SmallVector<llvm::Function *, 0> Functions;
  /// The variables of the symbols behind those: all definitions where a rule
  /// matches variables, else those that a rule names.
  llvm::SmallVector<llvm::GlobalVariable *, 0> Variables;
  /// Of Variables, the copies of constants of other modules, and what each is a
  /// copy of.
  llvm::DenseMap<const llvm::GlobalVariable *, llvm::GlobalVariable *> Imported;
  /// The first call of each inline asm; nothing where the instructions were not
  /// read.
  std::optional<std::vector<llvm::CallBase *>> InlineAsms;
};

/// Reads the definitions of \p Input's module, its aliases and ifuncs, its
/// module asm and inline asm, and the native code that refers to it, into the
/// empty \p Result, and finishes its Program. Strings in it are views of the
/// module's and of Natives'.
void readModule(const ModuleInput &Input, ReadModule &Result);

/// May another module's definition take the place of \p V in the link?
Binding bindingOfDefinition(const LinkFacts &Link, const llvm::GlobalValue &V);

/// Fills InlineAsms of \p Read where reading the module did not: one walk over
/// the instructions.
void readInlineAsms(ReadModule &Read);

} // namespace section_placement

#endif // SECTION_PLACEMENT_IR_IRREADER_H
