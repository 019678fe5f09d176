//===- NativeMembers.cpp - Native code that a link takes in ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/NativeMembers.h"
#include <set>

using namespace llvm;

namespace section_placement {

struct NativeMembers::Definer {
  ElfFile File;
  NativeMember Member;
  bool IsRead = false; ///< Member has all but its name only then.
};

NativeMembers::NativeMembers(std::vector<std::string> Inputs, uint16_t Machine)
    : Inputs(std::move(Inputs)), Machine(Machine) {}

NativeMembers::~NativeMembers() = default;

void NativeMembers::readInputs() {
  Files.emplace();
  auto Add = [&](const InputFile &Input) -> Error {
    if (Input.Kind == InputKind::SlimGCC)
      Unread.push_back(Input.Name.str() + ": " + explainSlimGCC());
    if (Input.Kind != InputKind::Native)
      return Error::success();
    Expected<ElfFile> File = ElfFile::read(Input.Bytes);
    if (!File) {
      Unread.push_back(Input.Name.str() + ": " + toString(File.takeError()));
      return Error::success();
    }
    if (File->machine() != Machine)
      return Error::success();
    auto Made = std::make_unique<Definer>(Definer{std::move(*File), {}, false});
    Made->Member.Name = Input.Name.str();
    for (const ElfSymbol &S : Made->File.definitions())
      if (!S.IsLocal)
        ByName.try_emplace(S.Name, Made.get());
    Definers.push_back(std::move(Made));
    return Error::success();
  };
  for (const std::string &Path : Inputs)
    if (Error E = Files->visit(Path, Add))
      Unread.push_back(Files->at() + ": " + toString(std::move(E)));
}

std::vector<std::string> NativeMembers::unread() {
  std::lock_guard<std::mutex> Guard(Lock);
  return Unread;
}

static void readCode(const ElfFile &File, NativeMember &Member) {
  std::set<StringRef> Callees;
  Member.HasUnknownCallees = !File.areReachesKnown();
  for (uint32_t I = 0; I < File.sections().size(); ++I) {
    if (!File.sections()[I].isCode())
      continue;
    Member.CodeBytes += File.sections()[I].Size;
    Error E = File.forEachRelocation(I, [&](const ElfRelocation &R) {
      const ElfSymbol &Target = File.symbols()[R.Symbol];
      if (R.Reach && R.Reach->IsCall && Target.isUndefined())
        Callees.insert(Target.Name);
      return Error::success();
    });
    Member.HasUnknownCallees |= bool(E);
    consumeError(std::move(E));
  }
  Member.Callees.assign(Callees.begin(), Callees.end());
}

const NativeMember *NativeMembers::defining(StringRef Name) {
  std::lock_guard<std::mutex> Guard(Lock);
  if (!Files)
    readInputs();
  Definer *Found = ByName.lookup(Name);
  if (!Found)
    return nullptr;
  if (!Found->IsRead)
    readCode(Found->File, Found->Member);
  Found->IsRead = true;
  return &Found->Member;
}

} // namespace section_placement
