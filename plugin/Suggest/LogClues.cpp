//===- LogClues.cpp - What the names in an error say ----------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LogClues.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace section_placement {

/// `ccXYZabc.lto.o`: libiberty's make_temp_file has six letters and digits.
static bool isTemporaryOfGCC(StringRef Name) {
  return Name.consume_front("cc") && Name.consume_back(".lto.o") &&
         Name.size() == 6 && all_of(Name, [](char C) { return isAlnum(C); });
}

/// ld.lld: `lto.tmp`, `a.out.lto.o`, `vmlinux.lto.switch.o`. LLVMgold.so, in
/// GNU ld, gold and mold: `/tmp/lto-llvm-1a2b3c.o`. GCC's LTO:
/// `/tmp/ccXYZabc.ltrans0.ltrans.o`, or `/tmp/ccXYZabc.lto.o` where it makes
/// one partition. LLVM's full LTO has a module `ld-temp.o` in all of them.
LTOMaker ltoMaker(StringRef Object) {
  StringRef Name = sys::path::filename(Object);
  if (Name.contains(".ltrans") || isTemporaryOfGCC(Name))
    return LTOMaker::GCC;
  if (Name.take_front(9) == "lto-llvm-")
    return LTOMaker::GoldPlugin;
  if (Name == "lto.tmp" || Name == "ld-temp.o" || Name.contains(".lto."))
    return LTOMaker::LLVM;
  return LTOMaker::None;
}

bool isAssembly(const FailedReference &F) {
  auto [File, Line] = StringRef(F.ReferencedBy).rsplit(':');
  if (!F.From.Source.empty() || Line.empty() ||
      Line.find_first_not_of("0123456789") != StringRef::npos)
    File = F.From.Source;
  StringRef Ending = sys::path::extension(File);
  for (StringRef Known : {".s", ".sx", ".asm"})
    if (Ending.equals_insensitive(Known))
      return true;
  return false;
}

/// By ld.lld's and GNU ld's words for it.
bool isOfLinkerScript(const FailedReference &F) {
  if (F.TargetObject == "<internal>" || F.TargetSection == "*ABS*")
    return true;
  StringRef File = StringRef(F.TargetObject).split(':').first;
  StringRef Ending = sys::path::extension(File);
  return is_contained(ArrayRef<StringRef>({".ld", ".lds", ".x", ".lcf"}),
                      Ending);
}

/// rustc's, or any archive's member.
bool isCompilersObject(StringRef Name) {
  return Name.take_back(1) == ")" || Name.contains(".rcgu.o");
}

} // namespace section_placement
