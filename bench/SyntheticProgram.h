//===- SyntheticProgram.h - A large program for benchmarks ------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// No real program of 200,000 functions is at hand in every build folder, so one
// is made, in the proportions of a real one: redis 7.0.15 after its full-LTO
// link has, per 20 instructions, 1.3 direct calls, 0.9 other calls and 1.7
// further references to globals.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_BENCH_SYNTHETICPROGRAM_H
#define SECTION_PLACEMENT_BENCH_SYNTHETICPROGRAM_H

#include "section-placement/Model/Program.h"
#include "section-placement/Policy/Policy.h"
#include "llvm/IR/Module.h"
#include <memory>
#include <string>

namespace section_placement {
namespace bench {

constexpr unsigned FunctionCount = 200000;
constexpr unsigned FunctionsInFile = 100;

enum class Naming { C, Cxx };

/// The symbol of function \p I: 19 of 20 are names of the source, the others
/// have a suffix of ThinLTO's or of the merge.
std::string functionName(unsigned I, Naming N = Naming::C);
/// The file that function \p I is from: 2,000 files in 40 folders.
std::string sourceOf(unsigned I);

/// The functions as a Program without edges.
void fillProgram(Program &P);

/// The functions as a merged module with debug info: each of 20 instructions
/// and reachable from a function that other objects can see. One in a hundred
/// has inline asm, and of those one in ten a short branch to another one.
std::unique_ptr<llvm::Module> makeModule(llvm::LLVMContext &Context,
                                         Naming N = Naming::C);

/// A folder that is removed at the end, and policies in it.
class PolicyFolder {
public:
  PolicyFolder();
  ~PolicyFolder();
  PolicyFolder(const PolicyFolder &) = delete;

  /// \p Count rules that each name \p Names functions.
  std::string literalRules(unsigned Count, unsigned Names);
  /// Ten rules: names, a list of names, wildcards, sources, an attribute; one
  /// of them grows where \p Grows.
  std::string mixedRules(bool Grows);

private:
  std::string write(const std::string &Name, const std::string &Text);
  std::string Folder;
};

/// Reads \p File, or ends the program with what is wrong.
Policy mustRead(const std::string &File);

} // namespace bench
} // namespace section_placement

#endif // SECTION_PLACEMENT_BENCH_SYNTHETICPROGRAM_H
