//===- BitcodeSources.h - Which source file defines a name ------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A ThinLTO backend that calls another module's function has its name alone.
// The symbol tables of the link's bitcode say which module defines it, and with
// that from which source file it was compiled.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_OBJECTS_BITCODESOURCES_H
#define SECTION_PLACEMENT_OBJECTS_BITCODESOURCES_H

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <mutex>
#include <string>
#include <vector>

namespace section_placement {

struct InputFile;

class BitcodeSources {
public:
  /// Of the files \p Inputs of a link, in its order. They are read at the first
  /// question; what cannot be read defines nothing.
  explicit BitcodeSources(std::vector<std::string> Inputs)
      : Inputs(std::move(Inputs)) {}

  /// The source file of the first module that defines the global \p Name, or
  /// the local one that a thin link calls `name.llvm.HASH`, as its compile was
  /// given it; empty where that is not known. May be asked by several threads.
  llvm::StringRef of(llvm::StringRef Name);

private:
  llvm::Error readSymbols(const InputFile &Input);
  llvm::Error readHash(const InputFile &Input);
  void visit(llvm::Error (BitcodeSources::*Read)(const InputFile &));

  std::vector<std::string> Inputs;
  std::mutex Lock;
  bool HasSymbols = false, HasHashes = false;
  llvm::StringMap<std::string> ByName, BySuffix;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_OBJECTS_BITCODESOURCES_H
