//===- SourceStamp.cpp - Which file a function came from ------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/IR/SourceStamp.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;

namespace section_placement {

std::string sourceId(StringRef Path) {
  static const char Digits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuv"
      "wxyz0123456789-_";
  uint64_t Hash = xxHash64(Path);
  std::string Id;
  for (int I = 0; I < 10; ++I, Hash >>= 6)
    Id += Digits[Hash & 63];
  return Id;
}

std::string stampedPath(StringRef Source, StringRef Directory,
                        const SourceRoot *Root) {
  if (Source.empty())
    return "";
  if (Root)
    return Root->relative(Source, Directory);
  SmallString<256> Path(Source);
  if (!sys::path::is_absolute(Path) && !Directory.empty()) {
    Path = Directory;
    sys::path::append(Path, Source);
  }
  sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
  if (sys::path::is_absolute(Path) || StringRef(Path).take_front(3) == "../")
    return Path.str().str();
  return ("./" + Path).str();
}

std::string unstampedPath(StringRef Stamped, const SourceRoot &Root) {
  bool IsOfRoot = !sys::path::is_absolute(Stamped) &&
                  Stamped.take_front(2) != "./" &&
                  Stamped.take_front(3) != "../";
  return IsOfRoot ? Stamped.str() : Root.relative(Stamped, "");
}

/// rustc calls its units `src/main.rs/@/main.0123-cgu.0`; Zig has one for all
/// files, and calls its language C.
static bool isOneFile(const DICompileUnit &Unit) {
  unsigned Language = compat::sourceLanguage(Unit);
  return Language != dwarf::DW_LANG_Rust && Language != dwarf::DW_LANG_Swift &&
         !Unit.getFilename().contains("/@/") &&
         Unit.getProducer().take_front(3) != "zig";
}

const DIFile *debugSourceOf(const DISubprogram &Subprogram) {
  const DICompileUnit *Unit = Subprogram.getUnit();
  if (!Unit)
    return nullptr;
  bool IsOfUnit = isOneFile(*Unit) || !Subprogram.getFile();
  return IsOfUnit ? Unit->getFile() : Subprogram.getFile();
}

const DIFile *debugSourceOf(const Function &F) {
  const DISubprogram *Subprogram = F.getSubprogram();
  return Subprogram ? debugSourceOf(*Subprogram) : nullptr;
}

bool isNamedAfterFile(const Module &M) {
  const NamedMDNode *Ident = M.getNamedMetadata("llvm.ident");
  if (!Ident || Ident->getNumOperands() == 0 ||
      Ident->getOperand(0)->getNumOperands() == 0)
    return true;
  auto *Text = dyn_cast<MDString>(Ident->getOperand(0)->getOperand(0));
  StringRef Compiler = Text ? Text->getString() : "";
  return !Compiler.consume_front("rustc ");
}

SourceStamps::SourceStamps(const Module &M, const SourceRoot &Root)
    : M(M), Root(Root) {}

void recordSource(Module &M, const RecordedSource &Source) {
  M.getOrInsertNamedMetadata((SourceRecord +
                              (Source.Digest.empty() ? "" : "=") +
                              Source.Digest + ":" + Source.Path)
                                 .str());
}

/// What the names begin with that recordNoPolicy makes.
static constexpr StringLiteral NoPolicyRecord = "sp-none:";

void recordNoPolicy(Module &M) {
  M.getOrInsertNamedMetadata((NoPolicyRecord + M.getSourceFileName()).str());
}

SmallVector<StringRef, 1> compiledWithoutPolicy(const Module &M) {
  SmallVector<StringRef, 1> Files;
  for (const NamedMDNode &Record : M.named_metadata()) {
    StringRef Name = Record.getName();
    if (Name.consume_front(NoPolicyRecord))
      Files.push_back(Name);
  }
  return Files;
}

SmallVector<RecordedSource, 1> recordedSources(const Module &M) {
  SmallVector<RecordedSource, 1> Result;
  for (const NamedMDNode &Record : M.named_metadata()) {
    StringRef Name = Record.getName();
    if (!Name.consume_front(SourceRecord))
      continue;
    auto [Digest, Path] = Name.split(':');
    bool IsRecord = Digest.empty() || Digest.consume_front("=");
    if (IsRecord && !Path.empty())
      Result.push_back({Path, Digest});
  }
  return Result;
}

/// Two paths of one id, which no two files have but by intent: neither is
/// believed, and their functions count as nobody's. A module may leave its own
/// path out of its records, which an import may have begun.
void SourceStamps::readRecords() {
  HasRecords = true;
  auto Add = [&](StringRef Stamped) {
    std::string Id = sourceId(Stamped), Path = unstampedPath(Stamped, Root);
    // An object that an earlier build of the plugin stamped has the first six.
    for (StringRef Spelled : {StringRef(Id), StringRef(Id).take_front(6)}) {
      auto [Known, IsNew] = ById.try_emplace(Spelled, Path);
      if (!IsNew && Known->second != Path)
        Known->second.clear();
    }
  };
  Add(M.getSourceFileName());
  Add("./" + M.getSourceFileName());
  for (const RecordedSource &S : recordedSources(M))
    Add(S.Path);
}

std::optional<StringRef> SourceStamps::of(const Function &F) {
  Attribute Path = F.getFnAttribute(SourceStamp);
  if (Path.isStringAttribute()) {
    auto [Known, IsNew] = ByPath.try_emplace(Path.getValueAsString());
    if (IsNew)
      Known->second = Root.relative(Path.getValueAsString(), "");
    return StringRef(Known->second);
  }
  Attribute Id = F.getFnAttribute(SourceIdStamp);
  return Id.isStringAttribute() ? ofId(Id.getValueAsString()) : std::nullopt;
}

std::optional<StringRef> SourceStamps::of(const GlobalVariable &V) {
  if (!V.hasAttribute(SourceIdStamp))
    return std::nullopt;
  return ofId(V.getAttribute(SourceIdStamp).getValueAsString());
}

std::optional<StringRef> SourceStamps::ofId(StringRef Id) {
  if (!HasRecords)
    readRecords();
  auto Found = ById.find(Id);
  if (Found == ById.end() || Found->second.empty())
    return std::nullopt;
  return StringRef(Found->second);
}

} // namespace section_placement
