//===- ModuleReading.h - A module that is being read ------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_IR_MODULEREADING_H
#define SECTION_PLACEMENT_IR_MODULEREADING_H

#include "section-placement/IR/IRReader.h"
#include "section-placement/Link/LinkFacts.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/GlobalValue.h"

namespace section_placement {

/// The name that \p V has in the object: without the escape `\01`, which keeps
/// a name from being mangled.
inline llvm::StringRef objectName(const llvm::GlobalValue &V) {
  return llvm::GlobalValue::dropLLVMManglingEscape(V.getName());
}

/// What the readers of functions, native code and assembly share.
class ModuleReading {
public:
  ModuleReading(const ModuleInput &In, ReadModule &Out)
      : In(In), Out(Out), P(Out.P) {}

  const ModuleInput &In;
  ReadModule &Out;
  Program &P;
  llvm::DenseMap<const llvm::GlobalValue *, uint32_t> Indices;

  /// The definition that a symbol stands for: of an alias its target (a jump
  /// table's entry is an alias into the table), of an ifunc its resolver.
  /// NoIndex for data and for what the module does not define.
  uint32_t symbolFor(const llvm::GlobalValue *V) const;

  /// Where the link makes a reference to \p Name go, by the names of this
  /// module and of its native code.
  BoundName bind(llvm::StringRef Name) const;
  /// The names whose references go to \p Name, itself among them where it keeps
  /// its own.
  llvm::SmallVector<llvm::StringRef, 1> spellingsOf(llvm::StringRef Name);
  /// Does a reference to \p V go to the definition that is here?
  Binding bindingOf(const llvm::GlobalValue &V);
  /// The definition of \p Name that other objects see; null where the module
  /// has none.
  const llvm::GlobalValue *definition(llvm::StringRef Name) const;

  /// The symbol that stands for a function \p Name which this module does not
  /// define; made at the first call. May be called once all definitions are
  /// read.
  uint32_t undefined(llvm::StringRef Name);
  /// The symbol of definition(), else undefined(). \p Name is what bind() gave.
  uint32_t named(llvm::StringRef Name);

  bool isWanted(const RelocationReach &R) const {
    return (R.IsShort && In.Wanted.Branches) || (R.IsCall && In.Wanted.Calls);
  }
  void addEdge(uint32_t From, uint32_t To, const RelocationReach &R,
               const Evidence &By, Binding Bound);
  /// Says in \p By that the link binds \p Name otherwise than to itself.
  void setBound(Evidence &By, llvm::StringRef Name, const BoundName &Bound) {
    if (Bound.By.empty())
      return;
    By.Name = P.save(Name);
    By.BoundBy = P.save(Bound.By);
  }
  /// A note of a reference from \p Symbol to \p Target that \p R was read of.
  void note(Note::Kind What, uint32_t Symbol, llvm::StringRef Target,
            const RelocationReach &R, llvm::StringRef Object,
            uint64_t Offset = 0, llvm::StringRef Detail = "");

private:
  llvm::StringMap<uint32_t> Undefined;
  llvm::DenseMap<const llvm::GlobalValue *, Binding> Bindings;
  /// By name, the others whose references go to it.
  std::optional<llvm::StringMap<llvm::SmallVector<llvm::StringRef, 1>>> Rebound;
};

/// Joins the native code of \p Facts to the module by name, in time that grows
/// with the smaller of the two: a backend with ten functions asks ten
/// questions, however many objects there are, and a module of a million
/// functions is asked ten. \p Named are symbols of Facts that are to be there
/// in any case.
/// \p SeesLocals: Facts are the module's own assembly.
void joinNatives(ModuleReading &Module, const NativeFacts &Facts,
                 llvm::ArrayRef<uint32_t> Named, bool SeesLocals);

/// Assembles the module's asm and joins it.
void joinModuleAsm(ModuleReading &Module);

} // namespace section_placement

#endif // SECTION_PLACEMENT_IR_MODULEREADING_H
