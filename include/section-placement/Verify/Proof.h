//===- Proof.h - Does a closed group keep to itself? ------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `closed` promises that code executes and reads nothing outside its group. The
// link checks what it compiles; what is linked in the end (native members,
// veneers, what the script put beside) is known from the image alone.
//
// A group is what closed rules of one section placed. An output section of its
// own belongs to it as a whole: native code that the linker script put there
// is decoded like the rest. One that the compiler fills unasked (`.text`), or
// that has the image's entry point, is not its own: there only the placed
// symbols are inside.
//
// Control flow is decoded; what is read is in the relocations that
// --emit-relocs keeps or, without it, in those of the link's objects. Each is
// held against the other: a call's relocation must name what the instruction
// goes to, by a veneer or straight, and an address outside that an instruction
// forms must have a relocation. What goes through registers cannot be proven,
// and is counted by function.
//
// Code is decoded from its symbols' starts and from every address that control
// is sent to, so that padding is never taken for code. That is more than
// ImageTransfers keeps, and of the group only.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_VERIFY_PROOF_H
#define SECTION_PLACEMENT_VERIFY_PROOF_H

#include "section-placement/Decode/ImageDecoder.h"
#include "section-placement/Verify/Expectation.h"

namespace section_placement {

/// A way out of a closed group.
struct ImageEscape {
  enum class Kind : uint8_t {
    Transfer,   ///< Code goes to code outside.
    Address,    ///< Code takes the address of code outside.
    Pointer,    ///< A constant of the group points outside.
    Read,       ///< Code refers to a constant outside.
    Unexplained ///< Instruction and relocation say two different things.
  };
  Kind What;
  uint64_t Address;    ///< Of the instruction or word.
  std::string From;    ///< `flash_write+0x14`.
  std::string To;      ///< `memcpy`, or a string in quotes.
  std::string Section; ///< That To is in; empty where the image has none there.
  std::string Through; ///< The veneer between; empty without one.
};

/// In one word for a report.
llvm::StringRef nameOf(ImageEscape::Kind Kind);

/// What goes through registers in a function.
struct UnprovenCode {
  std::string Function;
  uint64_t Loads = 0, Jumps = 0;
};

/// Why the link's objects do not say what some code refers to.
enum class ReadsFault : uint8_t {
  None,
  NoObject,      ///< No object has it.
  OtherCode,     ///< An object has something else of that name.
  Shortened,     ///< The same, and the link may have shortened it.
  UnknownType,   ///< A relocation is of a type that is not known.
  UnknownTarget, ///< Where the image has what it refers to is not known.
  OtherTarget,   ///< The image refers to something else than the object.
};

/// In words; in one word for a report.
llvm::StringRef describe(ReadsFault Fault);
llvm::StringRef nameOf(ReadsFault Fault);

/// A function, constant or place that refers to what is not known.
struct UnknownReads {
  std::string Name;
  ReadsFault Why;
};

struct GroupProof {
  std::vector<std::string> Rules;
  bool IsReportOnly = false; ///< Every rule has `report: true`.
  /// The output sections that are its own.
  std::vector<std::string> Sections;
  uint64_t Functions = 0;    ///< Placed ones that the image has.
  uint64_t Instructions = 0; ///< Decoded.
  uint64_t Transfers = 0;    ///< Calls and jumps from one function to another.
  uint64_t Reads = 0;        ///< Of constants and variables, by relocation.
  /// Outside, and on the author's word (`allow`).
  uint64_t AllowedTransfers = 0, AllowedReads = 0, AllowedJumps = 0;
  std::vector<UnprovenCode> Unproven; ///< By address.
  uint64_t UnprovenLoads = 0, UnprovenJumps = 0;
  uint64_t BytesNotDecoded = 0;
  /// A rule that lets its code out, or what growth added to it: that may also
  /// be where another function has it inlined, of which the image shows
  /// nothing.
  bool MayBeInlined = false;
  /// A rule says nothing of where: it has no `region`.
  bool LiesAnywhere = false;
  bool IsByReports = false; ///< The reports say what the rules have.
  /// Are there relocations that show what is read: the image's own, or those
  /// of objects?
  bool AreReadsKnown = false;
  bool IsByObjects = false;
  /// By objects: what they do not have, by address.
  std::vector<UnknownReads> NotRead;
  std::vector<ImageEscape> Escapes; ///< By address.

  bool isKept() const { return Escapes.empty() || IsReportOnly; }
};

/// Proves, for each group of closed rules of \p P, that it keeps to itself in
/// the linked \p Image, or finds the ways out. \p Expected is what the rules
/// place. Of an image without relocations those of \p Objects are taken.
std::vector<GroupProof> proveClosed(const ElfFile &Image,
                                    const ImageDecoder &Decoder,
                                    const Policy &P,
                                    llvm::ArrayRef<ExpectedFunction> Expected,
                                    const ObjectFiles &Objects);

} // namespace section_placement

#endif // SECTION_PLACEMENT_VERIFY_PROOF_H
