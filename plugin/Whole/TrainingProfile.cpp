//===- TrainingProfile.cpp - Which functions ran in training --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Whole/TrainingProfile.h"
#include "section-placement/Model/CanonicalName.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ProfileData/InstrProfReader.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/Endian.h"
#include <unordered_map>

using namespace llvm;

namespace section_placement {

namespace {
/// Finds the symbols that a profile is about.
///
/// The profile of a compile names a function as its summary does: a hash of the
/// name, for a local one of `file;name`. That of a link counts what the link
/// has made of it: a global function that nothing else needs has become local,
/// so it is `file;name` there, and one that was local may have become global,
/// as `name.llvm.123`.
class SymbolFinder {
public:
  explicit SymbolFinder(const Program &P);

  /// Those that the record \p Name of a profile is about: of one hash where
  /// there are such, else the one whose name that is.
  SmallVector<uint32_t, 1> find(StringRef Name) const;

private:
  /// Hash to symbol. It may be any number, also one of DenseMap's own two.
  std::unordered_multimap<uint64_t, uint32_t> ByGuid;
  StringMap<uint32_t> Globals;
  StringMap<uint32_t> Locals; ///< NoIndex where several have the name.
};

/// Looks up what the records of one profile are about.
class TrainingReader {
public:
  explicit TrainingReader(Program &P)
      : P(P), Symbols(P), Told(P.Symbols.size()) {}

  void read(const NamedInstrProfRecord &Record);
  void read(ArrayRef<uint64_t> Trace);
  TrainingMatch finish();

private:
  Program &P;
  SymbolFinder Symbols;
  /// By hash of the name: what traces are of.
  std::unordered_map<uint64_t, SmallVector<uint32_t, 1>> Known;
  std::vector<Training> Told; ///< By symbol.
};
} // namespace

SymbolFinder::SymbolFinder(const Program &P) {
  ByGuid.reserve(P.Symbols.size());
  for (uint32_t I = 0; I < P.Symbols.size(); ++I) {
    const Symbol &S = P.Symbols[I];
    if (!S.Guid || S.IsUndefined || S.isVariable())
      continue;
    ByGuid.emplace(S.Guid, I);
    auto [Entry, IsNew] = (S.IsLocal ? Locals : Globals).try_emplace(S.Name, I);
    if (!IsNew && S.IsLocal)
      Entry->second = NoIndex;
  }
}

SmallVector<uint32_t, 1> SymbolFinder::find(StringRef Name) const {
  SmallVector<uint32_t, 1> Found;
  auto [Begin, End] = ByGuid.equal_range(IndexedInstrProf::ComputeHash(Name));
  for (auto It = Begin; It != End; ++It)
    Found.push_back(It->second);
  if (!Found.empty())
    return Found;
  // LLVM up to 16 writes `file:name`.
  size_t FileEnd = Name.find_last_of(Name.contains(';') ? ';' : ':');
  StringRef Alone =
      FileEnd == StringRef::npos ? Name : Name.substr(FileEnd + 1);
  if (auto It = Globals.find(Alone); It != Globals.end())
    return {It->second};
  auto It = Locals.find(canonicalName(Alone, /*Merged=*/false));
  if (It != Locals.end() && It->second != NoIndex)
    return {It->second};
  return {};
}

/// A name may have several records, of several versions of the function.
void TrainingReader::read(const NamedInstrProfRecord &Record) {
  bool Ran = any_of(Record.Counts, [](uint64_t Count) { return Count != 0; });
  auto [Entry, IsNew] =
      Known.try_emplace(IndexedInstrProf::ComputeHash(Record.Name));
  if (IsNew)
    Entry->second = Symbols.find(Record.Name);
  for (uint32_t I : Entry->second)
    if (Ran || Told[I] == Training::Unknown)
      Told[I] = Ran ? Training::Ran : Training::NeverRan;
}

void TrainingReader::read(ArrayRef<uint64_t> Trace) {
  std::vector<uint32_t> &Run = P.Runs.emplace_back();
  for (uint64_t Function : Trace)
    if (auto It = Known.find(Function); It != Known.end())
      Run.insert(Run.end(), It->second.begin(), It->second.end());
}

/// What the code itself says, says more: what is left after inlining.
TrainingMatch TrainingReader::finish() {
  TrainingMatch Match;
  for (uint32_t I = 0; I < Told.size(); ++I) {
    Match.Functions += Told[I] != Training::Unknown;
    if (P.Symbols[I].InTraining == Training::Unknown)
      P.Symbols[I].InTraining = Told[I];
  }
  Match.Told = Known.size();
  for (const auto &[Hash, Found] : Known)
    Match.Known += !Found.empty();
  return Match;
}

using ProfileReader = std::unique_ptr<IndexedInstrProfReader>;

/// Does \p Profile end before its hash table, which stands last? LLVM's reader
/// takes sizes from past the end then, and allocates what they say. The format
/// has the table's offset fifth of its words of 8 bytes, in each version.
static bool isCutShort(StringRef Profile) {
  constexpr size_t OffsetAt = 4 * sizeof(uint64_t);
  return Profile.size() < OffsetAt + sizeof(uint64_t) ||
         support::endian::read64le(Profile.data() + OffsetAt) >= Profile.size();
}

static Expected<ProfileReader> openProfile(std::unique_ptr<MemoryBuffer> Bytes,
                                           StringRef Name) {
  if (!IndexedInstrProfReader::hasFormat(*Bytes))
    return errorIn(Name, "is no indexed profile; make one of the raw ones: "
                         "llvm-profdata merge -o profile *.profraw");
  if (isCutShort(Bytes->getBuffer()))
    return errorIn(Name, "is damaged: it is cut short; make it again with "
                         "llvm-profdata merge");
  auto Profile = IndexedInstrProfReader::create(std::move(Bytes));
  if (!Profile)
    return errorReading(Name, Profile.takeError());
  return std::move(*Profile);
}

/// Lets \p Read read the profile in \p Bytes, which has the name \p Name.
template <typename T>
static Expected<T> readProfile(
    std::unique_ptr<MemoryBuffer> Bytes,
    function_ref<Expected<T>(IndexedInstrProfReader &, StringRef)> Read) {
  std::string Name = Bytes->getBufferIdentifier().str();
  Expected<T> Result = T();
  // LLVM's reader goes past the end of a profile that is cut short.
  CrashRecoveryContext::Enable();
  bool IsDone = CrashRecoveryContext().RunSafely([&] {
    Expected<ProfileReader> Profile = openProfile(std::move(Bytes), Name);
    Result = Profile ? Read(**Profile, Name) : Profile.takeError();
  });
  CrashRecoveryContext::Disable();
  if (IsDone)
    return Result;
  consumeError(Result.takeError());
  return errorIn(Name, "is damaged: LLVM's reader fails on it; make it again "
                       "with llvm-profdata merge");
}

Expected<TrainingMatch> readTrainingProfile(std::unique_ptr<MemoryBuffer> Bytes,
                                            Program &P) {
  return readProfile<TrainingMatch>(
      std::move(Bytes),
      [&](IndexedInstrProfReader &Profile,
          StringRef Name) -> Expected<TrainingMatch> {
        TrainingReader Reader(P);
        for (const NamedInstrProfRecord &Record : Profile)
          Reader.read(Record);
        if (Profile.hasError())
          return errorReading(Name, Profile.getError());
        for (ArrayRef<uint64_t> Trace : compat::temporalTraces(Profile))
          Reader.read(Trace);
        return Reader.finish();
      });
}

Expected<ProfileKinds> readProfileKinds(std::unique_ptr<MemoryBuffer> Bytes) {
  return readProfile<ProfileKinds>(
      std::move(Bytes),
      [](IndexedInstrProfReader &Profile,
         StringRef Name) -> Expected<ProfileKinds> {
        ProfileKinds Kinds{Profile.isIRLevelProfile(),
                           Profile.hasCSIRLevelProfile(),
                           Profile.begin() == Profile.end()};
        if (Profile.hasError())
          return errorReading(Name, Profile.getError());
        return Kinds;
      });
}

} // namespace section_placement
