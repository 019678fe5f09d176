//===- CompiledFacts.h - What the code of functions refers to ---*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Beside a Program, for those of its symbols that were compiled: what only
// their code tells.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_MODEL_COMPILEDFACTS_H
#define SECTION_PLACEMENT_MODEL_COMPILEDFACTS_H

#include "section-placement/Model/Program.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include <string>

namespace section_placement {

/// Something that compiled code refers to outside of its own function.
struct Outlet {
  enum class Kind : uint8_t {
    Call,     ///< A call or jump.
    Address,  ///< The address of code, which may be jumped to.
    Pointer,  ///< Likewise, in a constant that the code reads.
    Constant, ///< Data that is never written, and that the code reads.
  };
  uint32_t From;
  Kind What;
  uint32_t To = NoIndex; ///< The code, or the constant where it was read.
  /// The constant: its name as linked, or the section of one that code
  /// generation made.
  llvm::StringRef Data;
  llvm::StringRef Section; ///< That the source gave the constant.
};

/// Calls through pointers in the code of a symbol.
struct IndirectCallsOf {
  uint32_t From;
  /// The function in whose source they stand; empty where that is not known.
  llvm::StringRef Source;
  uint32_t Count;
};

/// Its strings are the Program's.
struct CompiledFacts {
  std::vector<Outlet> Outlets;
  std::vector<IndirectCallsOf> IndirectCalls;
  llvm::DenseSet<uint32_t>
      Compiled; ///< Their Symbol::Size is that of the code.
  /// Those that could not be compiled, and why.
  llvm::DenseMap<uint32_t, llvm::StringRef> Failed;
  /// Native inputs that could not be read, and why: what they define, and how
  /// large it is, is not known.
  std::vector<std::string> UnreadNatives;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_MODEL_COMPILEDFACTS_H
