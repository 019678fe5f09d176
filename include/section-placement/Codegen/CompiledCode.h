//===- CompiledCode.h - What functions become -------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which runtime routines a function calls, which constants it reads and how
// large it is are decided in code generation, after every pass of ours. No list
// of intrinsics predicts it. So the functions in question are compiled in
// memory, and the object is read.
//
// What this cannot know: settings of the compiler that are in neither the IR
// nor the link's command line (-fropi, -mthread-model), and machine passes that
// see more than these functions (the machine outliner, GlobalMerge).
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_CODEGEN_COMPILEDCODE_H
#define SECTION_PLACEMENT_CODEGEN_COMPILEDCODE_H

#include "section-placement/Link/LinkCommand.h"
#include "section-placement/Objects/RelocationReach.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <vector>

namespace llvm {
class Function;
class GlobalValue;
class GlobalVariable;
class Module;
} // namespace llvm

namespace section_placement {

class LinkFacts;

/// What stands nowhere in the IR.
struct CodegenSettings {
  /// Does the link make position-independent code? Nothing: as the module's
  /// flags say.
  std::optional<bool> IsPIC;
  unsigned Effort = 2; ///< Of code generation: 0 to 3, as -O.
  unsigned Level = 2;  ///< Of the passes before it: 0 to 3, as --lto-O.
  /// Does code generation call a routine for each thread-local variable
  /// (-femulated-tls)? Nothing: as the target and the host's own flags say.
  std::optional<bool> EmulatesTLS = {};
};

/// What the words of the compiler's command line \p Words say of them.
CodegenSettings codegenSettingsOf(llvm::ArrayRef<CommandWord> Words);
/// What the link \p Link says of them.
CodegenSettings codegenSettingsOf(const LinkFacts &Link);

enum class CompiledTargetKind : uint8_t {
  Code,     ///< Or what may be code.
  Constant, ///< Data that is never written.
  Variable,
};

/// What compiled code refers to.
struct CompiledTarget {
  /// As the linker knows it; the section's name for what code generation made
  /// and gave no name (jump tables, constant pools).
  std::string Name;
  CompiledTargetKind Kind;
  /// What it is in the module that was compiled; null for what code generation
  /// added.
  const llvm::GlobalValue *Value;
  /// Made by code generation and defined beside the function, in section Name.
  bool IsMadeByCodegen;
};

struct CompiledReference {
  uint32_t Target; ///< Index into CompiledCode::Targets.
  bool IsCall;     ///< By a relocation of calls and jumps alone.
  uint64_t Offset; ///< Bytes from the function's start.
  std::string Relocation;
  /// A call of what the descriptor of a thread-local variable says.
  bool IsDescriptorCall;
  /// Where the relocation is in RelocationReach's table; else null.
  const RelocationReach *Reach;
};

struct CompiledFunction {
  llvm::Function *F;
  uint64_t Size = 0;      ///< Bytes, constants among its instructions included.
  uint64_t Alignment = 1; ///< Bytes.
  /// To everything but itself, in the order of offsets.
  std::vector<CompiledReference> References;
};

struct CompiledCode {
  std::vector<CompiledFunction> Functions; ///< As asked for.
  std::vector<CompiledTarget> Targets;
};

/// Compiles \p Wanted, definitions of \p M, and reads the object. \p M stays as
/// it is. Fails where the target is not registered by the host or is not ELF,
/// and with the first error of code generation; nothing is reported to the
/// module's context.
llvm::Expected<CompiledCode>
compileFunctions(llvm::Module &M, llvm::ArrayRef<llvm::Function *> Wanted,
                 const CodegenSettings &Settings);

/// Runs what a ThinLTO backend runs before code generation, all of it at the
/// level that \p Settings say, over \p M, which nothing is imported into. Fails
/// as compileFunctions() does.
llvm::Error runBackendPasses(llvm::Module &M, const CodegenSettings &Settings);

/// Compiles \p Functions of \p M likewise and returns the names of all symbols
/// that their object defines or refers to.
llvm::Expected<llvm::StringSet<>>
symbolsOfCode(llvm::Module &M, llvm::ArrayRef<llvm::Function *> Functions,
              const CodegenSettings &Settings);

/// The functions whose address stands in the initialiser of \p V or of a
/// constant that it points to, each once, in order.
llvm::SmallVector<const llvm::GlobalValue *, 4>
codePointersIn(const llvm::GlobalVariable &V);

} // namespace section_placement

#endif // SECTION_PLACEMENT_CODEGEN_COMPILEDCODE_H
