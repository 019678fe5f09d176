//===- CacheDigest.cpp - What a cached LTO object depends on --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Flags/CacheDigest.h"
#include "section-placement/Policy/RuleIndex.h"
#include "section-placement/Support/InputFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SHA256.h"
#include <set>

using namespace llvm;

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
  Error addObject(const Policy &P, StringRef File);
  std::string hex() {
    auto Bytes = Hash.final();
    return toHex(ArrayRef<uint8_t>(Bytes).take_front(8), /*LowerCase=*/true);
  }

private:
  SHA256 Hash;
};
} // namespace

Error Digest::addFile(StringRef What, StringRef File) {
  Expected<std::unique_ptr<MemoryBuffer>> Buffer = readInputFile(File);
  if (!Buffer)
    return Buffer.takeError();
  add(What, (*Buffer)->getBuffer());
  return Error::success();
}

/// An archive counts whole where any wildcard might choose a member of it.
Error Digest::addObject(const Policy &P, StringRef File) {
  Expected<std::unique_ptr<MemoryBuffer>> Buffer = readInputFile(File);
  if (!Buffer)
    return Buffer.takeError();
  StringRef Bytes = (*Buffer)->getBuffer();
  bool IsArchive = identify_magic(Bytes) == file_magic::archive;
  if (identify_magic(Bytes) == file_magic::bitcode)
    return Error::success();
  bool IsChosen = any_of(P.Natives, [&](const Pattern &Native) {
    return !Native.Compiled.literal() &&
           (IsArchive || choosesNative(Native.Compiled, File));
  });
  if (IsChosen) {
    add("object", File);
    add("bytes", Bytes);
  }
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

/// `lib.a(member.o)` depends on the archive.
static StringRef fileOf(StringRef Native) {
  return Native.back() == ')' ? Native.take_front(Native.rfind('(')) : Native;
}

Expected<std::string> cacheDigest(const CacheInputs &In) {
  Digest D;
  D.add("root", In.Root);
  D.add("output", In.Output);
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
      if (Error E = D.addFile("native", fileOf(*Path)))
        return E;
  }
  for (const std::string &Object : In.Objects)
    if (Error E = D.addObject(*In.P, Object))
      return E;
  return D.hex();
}

} // namespace section_placement
