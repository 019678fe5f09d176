//===- CacheDigest.cpp - What a cached LTO object depends on --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Flags/CacheDigest.h"
#include "section-placement/Objects/ArchiveMember.h"
#include "section-placement/Policy/RuleIndex.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/Archive.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SHA256.h"
#include <set>

using namespace llvm;
using namespace llvm::object;

namespace section_placement {

namespace {
/// Each text with what it is and how long, so that no two inputs flow into one.
class Digest {
public:
  void add(StringRef What, StringRef Text) {
    Hash.update(What);
    Hash.update(":" + std::to_string(Text.size()) + ":");
    Hash.update(Text);
  }
  Error addFile(StringRef What, StringRef File);
  Error addObject(const Policy *ByWildcard, StringRef File);
  void addLink(const LinkFacts &Link);
  std::string hex() {
    auto Bytes = Hash.final();
    return toHex(ArrayRef<uint8_t>(Bytes).take_front(8), /*LowerCase=*/true);
  }

private:
  void addBytes(const Policy *ByWildcard, StringRef Name, StringRef Bytes);
  Error addMember(const Policy *ByWildcard, StringRef ArchiveName,
                  const Archive &A, const Archive::Child &Member);

  SHA256 Hash;
};
} // namespace

static Expected<std::unique_ptr<MemoryBuffer>> open(StringRef File) {
  auto Buffer = MemoryBuffer::getFile(File, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return errorIn(File, "cannot be read: " + Buffer.getError().message());
  return std::move(*Buffer);
}

Error Digest::addFile(StringRef What, StringRef File) {
  Expected<std::unique_ptr<MemoryBuffer>> Buffer = open(File);
  if (!Buffer)
    return Buffer.takeError();
  add(What, (*Buffer)->getBuffer());
  return Error::success();
}

/// Is \p Name, a file's or a member's, chosen by a wildcard of `native`?
static bool isChosen(const Policy &P, StringRef Name) {
  return any_of(P.Natives, [&](const Pattern &Native) {
    return !Native.Compiled.literal() && choosesNative(Native.Compiled, Name);
  });
}

void Digest::addBytes(const Policy *ByWildcard, StringRef Name,
                      StringRef Bytes) {
  if (identify_magic(Bytes) == file_magic::bitcode ||
      (ByWildcard && !isChosen(*ByWildcard, Name)))
    return;
  add("object", Name);
  add("bytes", Bytes);
}

/// Of an archive, each member. \p ByWildcard: only what its wildcards choose.
Error Digest::addObject(const Policy *ByWildcard, StringRef File) {
  Expected<std::unique_ptr<MemoryBuffer>> Buffer = open(File);
  if (!Buffer)
    return Buffer.takeError();
  StringRef Bytes = (*Buffer)->getBuffer();
  std::string Name = relativeToCurrentFolder(File);
  if (identify_magic(Bytes) != file_magic::archive) {
    addBytes(ByWildcard, Name, Bytes);
    return Error::success();
  }
  Expected<std::unique_ptr<Archive>> A =
      Archive::create((*Buffer)->getMemBufferRef());
  if (!A)
    return errorReading(File, A.takeError());
  Error Broken = Error::success();
  for (const Archive::Child &Member : (*A)->children(Broken))
    if (Error E = addMember(ByWildcard, Name, **A, Member))
      return joinErrors(std::move(Broken), errorReading(File, std::move(E)));
  return Broken ? errorReading(File, std::move(Broken)) : Error::success();
}

Error Digest::addMember(const Policy *ByWildcard, StringRef ArchiveName,
                        const Archive &A, const Archive::Child &Member) {
  if (Error Cut = checkMember(A, Member))
    return Cut;
  if (!A.isThin()) {
    Expected<StringRef> Name = Member.getName();
    Expected<MemoryBufferRef> Contents = Member.getMemoryBufferRef();
    if (!Name || !Contents)
      return joinErrors(Name.takeError(), Contents.takeError());
    addBytes(ByWildcard, (ArchiveName + "(" + *Name + ")").str(),
             Contents->getBuffer());
    return Error::success();
  }
  Expected<std::string> File = Member.getFullName();
  if (!File)
    return File.takeError();
  Expected<std::unique_ptr<MemoryBuffer>> Contents = open(*File);
  if (!Contents)
    return Contents.takeError();
  addBytes(ByWildcard,
           (ArchiveName + "(" + relativeToCurrentFolder(*File) + ")").str(),
           (*Contents)->getBuffer());
  return Error::success();
}

/// The lists of names that \p Maps use, `except` included.
static void findLists(ArrayRef<MatchMap> Maps, std::set<std::string> &Lists) {
  for (const MatchMap &Map : Maps) {
    for (const MatchKeyInfo &Key : matchKeys())
      if (Key.Values == ValueKind::ListFile)
        for (const Pattern &File : Map[Key.Key])
          Lists.insert(File.Compiled.pattern().str());
    findLists(Map.Except, Lists);
  }
}

static Error addPolicy(Digest &D, const Policy &P) {
  if (Error E = D.addFile("policy", P.File))
    return E;
  std::set<std::string> Lists;
  for (const Rule &R : P.Rules) {
    findLists(R.Match, Lists);
    if (R.Grow && R.Grow->Within)
      findLists(*R.Grow->Within, Lists);
  }
  for (const std::string &List : Lists)
    if (Error E = D.addFile("list", List))
      return E;
  return Error::success();
}

/// `lib.a(member.o)` depends on the archive; a file may be called so, too.
static StringRef fileOf(StringRef Native) {
  return Native.back() == ')' && !sys::fs::exists(Native)
             ? Native.take_front(Native.rfind('('))
             : Native;
}

/// What the link makes of names, not how its scripts are laid out.
void Digest::addLink(const LinkFacts &Link) {
  auto AddPatterns = [&](StringRef What, ArrayRef<SymbolPattern> Patterns) {
    for (const SymbolPattern &P : Patterns) {
      add(What, P.Text);
      add("as", (Twine(P.IsCpp) + Twine(P.IsExact)).str());
    }
  };
  add("kind", nameOf(Link.Kind));
  add("symbolic", std::to_string(int(Link.Symbolic)));
  add("dynamic", std::to_string(Link.HasDynamicList));
  for (const std::string &Name : Link.Wrapped)
    add("wrap", Name);
  for (const std::string &Name : Link.ExcludedLibs)
    add("excluded", Name);
  for (const MadeSymbol &S : Link.Script.Symbols) {
    add(S.IsProvided ? "provided" : "made", S.Name);
    add("target", S.Target);
  }
  for (const SymbolVersion &V : Link.Script.Versions) {
    AddPatterns("global", V.Globals);
    AddPatterns("local", V.Locals);
  }
  AddPatterns("dynamic", Link.Script.DynamicList);
}

/// One spelling of a folder, whatever links lead to it.
static std::string realFolder(StringRef Folder) {
  SmallString<128> Real;
  return sys::fs::real_path(Folder, Real) ? Folder.str() : Real.str().str();
}

Expected<std::string> cacheDigest(const CacheInputs &In) {
  Digest D;
  D.add("root", realFolder(In.P->Root));
  D.add("output", relativeToCurrentFolder(In.Output));
  D.add("stage", In.Stage == "link" ? "" : In.Stage);
  D.add("mismatch", In.Mismatch == "error" ? "" : In.Mismatch);
  if (In.Link)
    D.addLink(*In.Link);
  if (Error E = D.addFile("plugin", In.Plugin))
    return E;
  if (Error E = addPolicy(D, *In.P))
    return E;
  for (const Pattern &Native : In.P->Natives) {
    std::optional<StringRef> Path = Native.Compiled.literal();
    if (!Path && In.Objects.empty())
      return errorAt(Native.Where,
                     "chooses among the native inputs of the link; give these "
                     "with --objects, so that the cache knows them");
    if (Path)
      if (Error E = D.addObject(nullptr, fileOf(*Path)))
        return E;
  }
  for (const std::string &Object : In.Objects)
    if (Error E = D.addObject(In.P, Object))
      return E;
  return D.hex();
}

} // namespace section_placement
