//===- CacheDigest.cpp - What a cached LTO object depends on --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Flags/CacheDigest.h"
#include "section-placement/Objects/InputFiles.h"
#include "section-placement/Policy/RuleIndex.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "section-placement/Support/SourcePath.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
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
  Error addObject(const Policy &P, StringRef File, bool IsLiteral);
  void addLink(const LinkFacts &Link);
  std::string hex() {
    auto Bytes = Hash.final();
    return toHex(ArrayRef<uint8_t>(Bytes).take_front(8), /*LowerCase=*/true);
  }

private:
  SHA256 Hash;
  InputWalker Files;
};
} // namespace

Error Digest::addFile(StringRef What, StringRef File) {
  Expected<std::unique_ptr<MemoryBuffer>> Buffer = readInputFile(File);
  if (!Buffer)
    return Buffer.takeError();
  add(What, (*Buffer)->getBuffer());
  return Error::success();
}

/// What a `native` of \p P may choose of \p File, members of archives by what
/// they are: those of a thin one are files of their own. \p IsLiteral:
/// a `native` names it, and all of it but bitcode counts.
Error Digest::addObject(const Policy &P, StringRef File, bool IsLiteral) {
  Error E =
      Files.visit(relativeToCurrentFolder(File), [&](const InputFile &Input) {
        bool IsChosen =
            IsLiteral || any_of(P.Natives, [&](const Pattern &Native) {
              return !Native.Compiled.literal() &&
                     any_of(Input.spellings(), [&](const std::string &Name) {
                       return choosesNative(Native.Compiled, Name);
                     });
            });
        if (IsChosen && Input.Kind != InputKind::Bitcode) {
          add("object", Input.Name.str());
          add("bytes", Input.Bytes.getBuffer());
        }
        return Error::success();
      });
  return E ? errorReading(Files.at(), std::move(E)) : std::move(E);
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
static std::string fileOf(StringRef Native) {
  return sys::fs::exists(Native) ? Native.str() : InputName::parse(Native).File;
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

/// The profile by its bytes: llvm-profdata writes another into the same file.
static Error addTraining(Digest &D, const TrainingLink &Training) {
  if (Training.Step == TrainingLink::StepKind::None)
    return Error::success();
  for (const std::string &Word : linkerWords(Training, /*HasOrder=*/true))
    D.add("word", Word);
  for (const std::string &Word : driverWords(Training))
    D.add("driver", Word);
  return Training.Profile.empty() ? Error::success()
                                  : D.addFile("profile", Training.Profile);
}

Expected<std::string> cacheDigest(const CacheInputs &In) {
  Digest D;
  if (Error E = addTraining(D, In.Training))
    return E;
  if (!In.P)
    return D.hex();
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
      if (Error E = D.addObject(*In.P, fileOf(*Path), /*IsLiteral=*/true))
        return E;
  }
  for (const std::string &Object : In.Objects)
    if (Error E = D.addObject(*In.P, Object, /*IsLiteral=*/false))
      return E;
  return D.hex();
}

Expected<std::string> linkDigest(StringRef OfCache, StringRef OrderFile) {
  Digest D;
  D.add("cache", OfCache);
  if (!OrderFile.empty())
    if (Error E = D.addFile("order", OrderFile))
      return E;
  return D.hex();
}

} // namespace section_placement
