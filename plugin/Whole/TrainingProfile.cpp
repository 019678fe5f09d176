//===- TrainingProfile.cpp - Which functions ran in training --------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Whole/TrainingProfile.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ProfileData/InstrProfReader.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include <unordered_map>

using namespace llvm;

namespace section_placement {

/// A hash may be any number, also one of DenseMap's own two.
using SymbolsByGuid = std::unordered_multimap<uint64_t, uint32_t>;

static SymbolsByGuid symbolsByGuid(const Program &P) {
  SymbolsByGuid Result;
  Result.reserve(P.Symbols.size());
  for (uint32_t I = 0; I < P.Symbols.size(); ++I)
    if (P.Symbols[I].Guid && !P.Symbols[I].IsUndefined)
      Result.emplace(P.Symbols[I].Guid, I);
  return Result;
}

namespace {
/// Looks up what the records of one profile are about.
class TrainingReader {
public:
  explicit TrainingReader(Program &P)
      : P(P), Symbols(symbolsByGuid(P)), Told(P.Symbols.size()) {}

  void read(const NamedInstrProfRecord &Record);
  void read(ArrayRef<uint64_t> Trace);
  unsigned finish();

private:
  Program &P;
  SymbolsByGuid Symbols;
  std::vector<Training> Told; ///< By symbol.
};
} // namespace

/// A name may have several records, of several versions of the function.
void TrainingReader::read(const NamedInstrProfRecord &Record) {
  bool Ran = any_of(Record.Counts, [](uint64_t Count) { return Count != 0; });
  auto [Begin, End] =
      Symbols.equal_range(IndexedInstrProf::ComputeHash(Record.Name));
  for (auto It = Begin; It != End; ++It)
    if (Ran || Told[It->second] == Training::Unknown)
      Told[It->second] = Ran ? Training::Ran : Training::NeverRan;
}

void TrainingReader::read(ArrayRef<uint64_t> Trace) {
  std::vector<uint32_t> &Run = P.Runs.emplace_back();
  for (uint64_t Function : Trace) {
    auto [Begin, End] = Symbols.equal_range(Function);
    for (auto It = Begin; It != End; ++It)
      Run.push_back(It->second);
  }
}

/// What the code itself says, says more: what is left after inlining.
unsigned TrainingReader::finish() {
  unsigned Known = 0;
  for (uint32_t I = 0; I < Told.size(); ++I) {
    Known += Told[I] != Training::Unknown;
    if (P.Symbols[I].InTraining == Training::Unknown)
      P.Symbols[I].InTraining = Told[I];
  }
  return Known;
}

using ProfileReader = std::unique_ptr<IndexedInstrProfReader>;

static Expected<ProfileReader> openProfile(std::unique_ptr<MemoryBuffer> Bytes,
                                           StringRef Name) {
  if (!IndexedInstrProfReader::hasFormat(*Bytes))
    return errorIn(Name, "is no indexed profile; make one of the raw ones: "
                         "llvm-profdata merge -o profile *.profraw");
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

Expected<unsigned> readTrainingProfile(std::unique_ptr<MemoryBuffer> Bytes,
                                       Program &P) {
  return readProfile<unsigned>(
      std::move(Bytes),
      [&](IndexedInstrProfReader &Profile,
          StringRef Name) -> Expected<unsigned> {
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
      [](IndexedInstrProfReader &Profile, StringRef) -> Expected<ProfileKinds> {
        return ProfileKinds{Profile.isIRLevelProfile(),
                            Profile.hasCSIRLevelProfile()};
      });
}

} // namespace section_placement
