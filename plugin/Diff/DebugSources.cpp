//===- DebugSources.cpp - The source files of functions, by DWARF ---------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The file is that of the function's declaration, and not that of the line at
// its address, which inlined code may have. A function without an entry of its
// own (assembly) is of the file of its unit.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Diff/ImageDiff.h"
#include "section-placement/Support/LLVMCompat.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/DebugInfo/DWARF/DWARFCompileUnit.h"
#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace section_placement {

/// A path of debug info in one spelling, without the machine's own folders
/// where it lies below the current one.
static std::string spelling(StringRef Path) {
  if (sys::path::is_absolute(Path))
    return relativeToCurrentFolder(Path);
  SmallString<128> Plain(Path);
  sys::path::remove_dots(Plain, /*remove_dot_dot=*/true);
  return Plain.str().str();
}

static std::string fileOf(DWARFContext::DIEsForAddress Found) {
  std::string Path;
  if (Found.FunctionDIE)
    Path = Found.FunctionDIE.getDeclFile(
        DILineInfoSpecifier::FileLineInfoKind::RelativeFilePath);
  if (Path.empty() && Found.CompileUnit)
    if (const char *Name = Found.CompileUnit->getUnitDIE().getShortName())
      Path = Name;
  return spelling(Path);
}

/// Returns true if \p Section says that it is far larger than its bytes: LLVM
/// allocates what it says before it decompresses it. Debug info seldom becomes
/// ten times as large.
static bool isBomb(const ElfFile &Image, uint32_t Section) {
  constexpr uint64_t MaximumGrowth = 64;
  if (!(Image.sections()[Section].Flags & ELF::SHF_COMPRESSED))
    return false;
  Expected<ArrayRef<uint8_t>> Bytes = Image.contents(Section);
  if (!Bytes) {
    consumeError(Bytes.takeError());
    return true;
  }
  // Elf32_Chdr and Elf64_Chdr.
  DataExtractor Header =
      compat::extractorOf(toStringRef(*Bytes), !Image.isBigEndian());
  uint64_t At = Image.is64Bit() ? 8 : 4;
  return Header.getUnsigned(&At, Image.is64Bit() ? 8 : 4) >
         MaximumGrowth * Bytes->size();
}

std::optional<std::vector<std::string>>
sourcesByDebugInfo(const ElfFile &Image, ArrayRef<DiffFunction> Functions) {
  // In a relocatable image every section begins at 0.
  if (Image.isRelocatable() ||
      none_of(Image.sections(), [](const ElfSection &S) {
        return S.Name == ".debug_info" || S.Name == ".zdebug_info";
      }))
    return std::nullopt;
  for (uint32_t S = 0; S < Image.sections().size(); ++S)
    if (isBomb(Image, S))
      return std::nullopt;
  auto Opened = object::ObjectFile::createELFObjectFile(
      MemoryBufferRef(Image.bytes(), ""), /*InitContent=*/true);
  if (!Opened) {
    consumeError(Opened.takeError());
    return std::nullopt;
  }
  // What is damaged answers nothing, and the caller counts that.
  auto Ignore = [](Error E) { consumeError(std::move(E)); };
  std::unique_ptr<DWARFContext> Context = DWARFContext::create(
      **Opened, DWARFContext::ProcessDebugRelocations::Ignore, nullptr, "",
      Ignore, Ignore);
  std::vector<std::string> Files;
  for (const DiffFunction &F : Functions)
    Files.push_back(fileOf(Context->getDIEsForAddress(F.Address)));
  return Files;
}

} // namespace section_placement
