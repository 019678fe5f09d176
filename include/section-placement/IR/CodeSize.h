//===- CodeSize.h - How large code is expected to be ------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where nothing is promised of a size (the layout of `order: affinity`, what a
// report shows of functions that were not compiled), LLVM's own cost model is
// good enough and costs little. Codegen gives the size of the code itself.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_IR_CODESIZE_H
#define SECTION_PLACEMENT_IR_CODESIZE_H

#include <cstdint>

namespace llvm {
class Function;
class TargetTransformInfo;
} // namespace llvm

namespace section_placement {

/// An estimate of the code of \p F in bytes, at least 1: the cost of its
/// instructions by \p Costs (TCK_CodeSize), as four bytes an instruction.
uint64_t estimateCodeSize(const llvm::Function &F,
                          const llvm::TargetTransformInfo &Costs);

} // namespace section_placement

#endif // SECTION_PLACEMENT_IR_CODESIZE_H
