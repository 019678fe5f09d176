//===- CallReader.h - Who calls whom, and how often -------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_IR_CALLREADER_H
#define SECTION_PLACEMENT_IR_CALLREADER_H

#include "ModuleReading.h"
#include "llvm/ADT/DenseMap.h"

namespace section_placement {

/// Reads the calls of one function after the other into edges: one for each
/// callee, however many calls there are.
class CallReader {
public:
  explicit CallReader(ModuleReading &Reading);

  /// To be called before the instructions of \p From are read.
  void enter(uint32_t From);
  void read(llvm::Instruction &I);

private:
  void readCall(llvm::CallBase &Call);
  void add(uint32_t To, uint64_t Weight, Binding Bound = Binding::Definition,
           uint32_t By = NoIndex);
  void addNamed(llvm::StringRef Name, uint64_t Weight);
  uint64_t weightOf(const llvm::Instruction &I);

  ModuleReading &Reading;
  Program &P;
  uint32_t From = NoIndex;
  llvm::Function *F = nullptr;
  llvm::BlockFrequencyInfo *Frequencies = nullptr;
  /// The edges of the function at hand, by callee.
  llvm::DenseMap<uint32_t, uint32_t> Edges;
  uint32_t CallEvidence = NoIndex;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_IR_CALLREADER_H
