//===- BitcodeInputs.h - What a link's bitcode defines ----------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A full-LTO link merges its modules, and nothing in the result says which
// archive a function came from. A ThinLTO backend that calls another module's
// function has its name alone. The symbol tables of the link's bitcode say
// both: which input defines a name, and from which source file it was compiled.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_OBJECTS_BITCODEINPUTS_H
#define SECTION_PLACEMENT_OBJECTS_BITCODEINPUTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace section_placement {

class SourceRoot;
struct InputFile;

/// `lib.a(a.o)` for `lib.a(a.o at 1234)`, which is how lld calls the module of
/// a member; any other name as it is.
std::string memberOfModule(llvm::StringRef Identifier);

/// May be asked by several threads.
class BitcodeInputs {
public:
  /// Of the files \p Inputs of a link, in its order, with sources relative to
  /// \p Root, which must live as long. They are read at the first question;
  /// what cannot be read defines nothing: the link itself fails for it.
  BitcodeInputs(std::vector<std::string> Inputs, const SourceRoot &Root)
      : Inputs(std::move(Inputs)), Root(Root) {}

  /// memberOfModule(), also of a thin archive's member, of which a linker may
  /// know only the path.
  std::string memberOf(llvm::StringRef ModuleIdentifier);

  /// The input that defines one of \p Names: `lib.a(member.o)`, or empty where
  /// that is a file of its own. Where several do, the one that was compiled
  /// from \p Source, else, of a global symbol, the first in the link's order.
  /// Nothing where that is not known.
  std::optional<llvm::StringRef>
  memberDefining(llvm::ArrayRef<llvm::StringRef> Names, llvm::StringRef Source,
                 bool IsLocal);

  /// The source file of the first module that defines the global \p Name, or
  /// the local one that a thin link calls `name.llvm.HASH`; empty where that is
  /// not known.
  llvm::StringRef sourceDefining(llvm::StringRef Name);

private:
  struct Module {
    std::string Member; ///< Empty: no member of an archive.
    std::string Source;
  };

  template <typename Reader> void visit(Reader Read);
  void readSymbols();
  void readHashes();

  const std::vector<std::string> Inputs;
  const SourceRoot &Root;
  std::once_flag SymbolsOnce, HashesOnce;
  std::vector<Module> Modules;
  /// Modules by what they define, by their names in IR.
  llvm::StringMap<llvm::SmallVector<unsigned, 1>> ByName;
  /// The first module that defines a global, by its name as linked.
  llvm::StringMap<unsigned> ByGlobal;
  llvm::StringMap<llvm::SmallVector<unsigned, 1>> BySource;
  llvm::StringMap<unsigned> ByPath; ///< Members of thin archives.
  /// Sources by what a thin link appends to the names of their locals.
  llvm::StringMap<std::string> ByLocalSuffix;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_OBJECTS_BITCODEINPUTS_H
