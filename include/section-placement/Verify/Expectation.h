//===- Expectation.h - What a policy wants of an image ----------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where each function should be, from one of two sources: the plugin's reports,
// which are exact, or a plan on what the image and its native objects show. The
// second knows names and native references, and no source files, attributes or
// calls; rules that ask for those are reported, and claim nothing.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_VERIFY_EXPECTATION_H
#define SECTION_PLACEMENT_VERIFY_EXPECTATION_H

#include "section-placement/Decode/ImageTransfers.h"
#include "section-placement/Model/Program.h"
#include "section-placement/Objects/ElfFile.h"
#include "section-placement/Objects/NativeObject.h"
#include "section-placement/Objects/ObjectFiles.h"
#include "section-placement/Policy/RuleIndex.h"
#include "llvm/ADT/StringMap.h"
#include <map>
#include <string>
#include <vector>

namespace section_placement {

/// A function that a rule places.
struct ExpectedFunction {
  std::string Name; ///< The symbol, as the object has it.
  uint32_t Rule;
  std::string Section;
  /// What it shall stand together with: the section, with `*` for the
  /// function's name where the rule gives each its own.
  std::string Group;
  std::string Module; ///< Of a report: the module that has it.
  /// The image's symbols that it may be; several where a static's name is not
  /// unique, none where it is gone.
  std::vector<uint32_t> ImageSymbols;
  /// The rule grows to it along calls that the image shows. The pass may have
  /// seen others, so it may stand with the group and need not.
  bool IsGrownByCall = false;
};

/// The image as a Program: its functions can be moved, but for those of native
/// objects.
struct ImageProgram {
  Program P;
  /// By symbol of P: its index in the image's symbols; NoIndex where the image
  /// has none.
  std::vector<uint32_t> ImageSymbol;
};

/// Fills the empty \p Result and finishes its Program. \p Natives are the
/// policy's native objects, \p Objects what the image was made of; strings are
/// views of all three.
void readImageProgram(const ElfFile &Image, const NativeFacts &Natives,
                      const ObjectFiles &Objects, const Interest &Wanted,
                      ImageProgram &Result);

/// Does an image alone say what \p R matches, and where it may grow?
bool isDecidableByImage(const Rule &R);

/// \p P without what an image cannot answer (`source`, `attribute`,
/// `section`, growth along calls), and a line for each rule that lost something
/// in \p Told. Rules keep their positions.
Policy decidablePart(const Policy &P, std::vector<std::string> &Told);

/// The same with growth along calls, which an image shows as they are now.
Policy decidablePartWithCalls(const Policy &P);

/// Adds the calls that the code of \p Image makes, which are \p Transfers, to
/// \p Result.
void addCallsOfImage(const ElfFile &Image, ImageTransfers &Transfers,
                     ImageProgram &Result);

/// What the policy of \p Index wants of \p Program, by the order of its
/// symbols.
std::vector<ExpectedFunction> expectationsOf(const ImageProgram &Program,
                                             const ElfFile &Image,
                                             const RuleIndex &Index);

/// The order that a module gave the functions of a rule.
struct ExpectedOrder {
  uint32_t Rule;
  std::vector<std::string> Functions; ///< Symbols.
};

/// The plugin's reports of one link.
struct Reports {
  std::vector<std::string> Modules;
  /// Where the reports are on another output than any that was given: that.
  std::string OtherOutput;
  std::vector<ExpectedOrder> Orders;
  std::vector<ExpectedFunction> Functions;
  /// What is to be said of each section that no script gathers, by its name.
  llvm::StringMap<std::string> Orphans;
  /// By rule: why it is not known whether its code is elsewhere, too.
  std::map<std::string, std::string> NotHeld;
};

/// Reads the reports in \p Folder on a link whose output is one of \p Outputs,
/// by base name; where none is, on the one link that they are on. Fails where a
/// file is damaged, of another version, mentions rules that \p P lacks, where
/// there is none, and where they are of several links.
llvm::Expected<Reports> plannedByReports(llvm::StringRef Folder,
                                         llvm::ArrayRef<std::string> Outputs,
                                         const Policy &P, const ElfFile &Image);

/// The bitcode files among \p Bitcode that no module of \p R is.
std::vector<std::string> notSeen(llvm::ArrayRef<std::string> Bitcode,
                                 const Reports &R);

} // namespace section_placement

#endif // SECTION_PLACEMENT_VERIFY_EXPECTATION_H
