//===- LinkLog.h - What the errors of a failed link say ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A link that failed for distance says so in one of four dialects, and each
// leaves out something else:
//
//   ld.lld   object, function, section and offset, target, distance; of an
//            object with a file symbol, in some versions, that in the object's
//            place
//   GNU ld   object and function on a line of their own, before the errors;
//            with debug info the inlined function; no distance
//   gold     no target; with debug info neither object nor function; on some
//            targets not even the relocation
//   mold     no function and no offset
//
// This reader takes what is there and guesses nothing.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUGGEST_LINKLOG_H
#define SECTION_PLACEMENT_SUGGEST_LINKLOG_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace section_placement {

/// Where in the program a linker says that something is. What the log does not
/// tell is empty.
struct LinkPlace {
  std::string Object;   ///< As the linker was given it: `a.o`, `lib.a(a.o)`.
  std::string Source;   ///< A source file, where that is named instead.
  std::string Function; ///< Demangled, where the linker demangles.
  std::string Section;
  std::optional<uint64_t> Offset; ///< Bytes from the section's start.
};

/// One reference that a linker could not make.
struct FailedReference {
  unsigned Line = 0; ///< Of the log, from 1.
  LinkPlace From;
  std::string Relocation; ///< R_AARCH64_CONDBR19; empty where it is not told.
  std::string Target;     ///< The symbol; empty for one without a name.
  std::string TargetSection; ///< Where that is known, or in its place.
  std::string TargetObject;
  std::optional<int64_t> Distance; ///< Bytes, as the linker computed it.
  /// The lowest and the highest distance that fits, where that is known.
  std::optional<std::pair<int64_t, int64_t>> Range;
  /// `>>> referenced by` of ld.lld: `a.S:8` from debug info, or the name of a
  /// file symbol, which need not be the right one.
  std::string ReferencedBy;
  bool IsCut = false; ///< The log ends, or is cut, within this error.
};

/// Failures that stand in the same logs, look like a reference out of reach,
/// and need another remedy.
enum class LinkFailure {
  None,
  NoRoomForThunk,        ///< A call that no thunk could extend.
  BranchInsideFunction,  ///< The assembler's: both ends are in one section.
  LongCall,              ///< A call that another instruction can make.
  FarLiteral,            ///< A literal pool that is too far away.
  DangerousRelocation,   ///< GNU ld's word for a target's own checks.
  PositionDependentCode, ///< Compiled for another kind of image.
  SectionMismatch,       ///< modpost: code that stays refers to code that goes.
  LeavesNoInstr,         ///< objtool: a call out of .noinstr.text.
  MachO,                 ///< A linker of Mach-O.
  Coff,                  ///< A linker of COFF.
  Wasm,                  ///< A linker of WebAssembly.
};

struct OtherFailure {
  unsigned Line; ///< Of the log, from 1.
  LinkFailure What;
};

/// All that is of use in a log.
struct LinkLog {
  std::vector<FailedReference> References; ///< In the order of the log.
  std::vector<OtherFailure> Others;        ///< The same.
  /// The linker stopped telling at some number of errors.
  bool IsCutShort = false;
  /// Lines that name a short relocation, as such an error does, and have none
  /// of the known forms: how many, and the first of them.
  unsigned NotUnderstood = 0, FirstNotUnderstood = 0;
};

/// Reads the output of ld.lld, GNU ld, gold or mold from the bytes of a log in
/// UTF-8 or UTF-16, whatever stands before, between and around its errors, and
/// however its lines were broken. Other lines are passed over.
LinkLog readLinkLog(llvm::StringRef Bytes);

/// Reads the place that an error stands at, without what is before it: any of
/// `a.o:(function f: .text+0x4)`, `a.o:(.text+0x4)`, `a.o:(.text)`,
/// `a.o(.text+0x4)`, `a.o:a.c:function f`, `a.c:12:(.text+0x4)`, `a.c:12`.
LinkPlace readLinkPlace(llvm::StringRef Text);

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUGGEST_LINKLOG_H
