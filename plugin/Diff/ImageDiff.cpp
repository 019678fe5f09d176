//===- ImageDiff.cpp - What changed between two images --------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Diff/ImageDiff.h"
#include "section-placement/Model/Program.h"
#include "section-placement/Report/ReportReader.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Path.h"
#include <algorithm>
#include <map>
#include <tuple>

using namespace llvm;

namespace section_placement {

uint64_t DiffSide::bytes() const {
  uint64_t Sum = 0;
  for (const DiffFunction &F : Functions)
    Sum += F.IsAlias ? 0 : F.Size;
  return Sum;
}

namespace {
/// What the reports of one link say of its functions.
class Witness {
public:
  /// Reads the reports in \p Folder on a link whose output is called as \p
  /// Image; where none is, all of them.
  static Expected<Witness> read(StringRef Folder, StringRef Image);

  /// Gives \p F its file where the reports know one such, and with \p HasRules
  /// its rule.
  void tell(StringRef Symbol, bool HasRules, DiffFunction &F) const;

private:
  struct Said {
    std::string File, Rule;
    bool IsOne = true; ///< False where several functions have that symbol.
  };
  StringMap<Said> BySymbol, ByName;
};
} // namespace

/// `f` of `f.llvm.7`.
static StringRef withoutPromotion(StringRef Symbol) {
  size_t At = Symbol.rfind(".llvm.");
  bool IsPromoted = At != StringRef::npos && At &&
                    Symbol.drop_front(At + 6).find_first_not_of("0123456789") ==
                        StringRef::npos;
  return IsPromoted ? Symbol.take_front(At) : Symbol;
}

Expected<Witness> Witness::read(StringRef Folder, StringRef Image) {
  Expected<ReportFolder> All = readReports(Folder);
  if (!All)
    return All.takeError();
  auto IsOfImage = [&](const ModuleReport &R) {
    return sys::path::filename(R.Output) == sys::path::filename(Image);
  };
  bool HasImage = any_of(All->Reports, IsOfImage);
  Witness Result;
  for (const ModuleReport &R : All->Reports) {
    if (HasImage && !IsOfImage(R))
      continue;
    for (const ReportedFunction &F : R.Functions) {
      Said New{F.Source, F.Section.empty() ? "" : R.Rules[F.Rule].Name, true};
      auto Add = [&](StringMap<Said> &To, StringRef Symbol) {
        auto [Known, IsNew] = To.try_emplace(Symbol, New);
        Said &S = Known->second;
        if (!IsNew && (S.File != New.File || S.Rule != New.Rule))
          S.IsOne = false;
      };
      Add(Result.BySymbol, F.Symbol);
      Add(Result.ByName, withoutPromotion(F.Symbol));
    }
  }
  return Result;
}

void Witness::tell(StringRef Symbol, bool HasRules, DiffFunction &F) const {
  auto Found = BySymbol.find(Symbol);
  if (Found == BySymbol.end()) {
    Found = ByName.find(F.Name);
    if (Found == ByName.end())
      return;
  }
  const Said &S = Found->second;
  if (!S.IsOne)
    return;
  F.File = S.File;
  if (HasRules)
    F.Rule = S.Rule;
}

/// The functions of \p Image with their own code; the file of a local one as
/// the symbol table has it.
static std::vector<DiffFunction> functionsOf(const ElfFile &Image) {
  std::vector<DiffFunction> Result;
  const ElfSymbol *Last = nullptr;
  for (const ElfSymbol &S : Image.definitions()) {
    if (!S.IsFunction || !Image.sections()[S.Section].isCode())
      continue;
    bool IsAlias =
        Last && Last->Section == S.Section && Last->Address == S.Address;
    Result.push_back({withoutPromotion(S.Name).str(), "", "",
                      Image.sections()[S.Section].Name, S.Address, S.Size,
                      S.IsLocal, IsAlias});
    if (!IsAlias)
      Last = &S;
  }
  return Result;
}

static Error readSide(StringRef Path, const Witness *Reports, bool HasRules,
                      DiffSide &Side) {
  Side.Path = Path.str();
  Side.HasReports = Reports && HasRules;
  Side.Functions = functionsOf(Side.Image);
  std::optional<std::vector<std::string>> Files =
      sourcesByDebugInfo(Side.Image, Side.Functions);
  Side.HasDebugInfo = Files.has_value();
  size_t I = 0;
  for (const ElfSymbol &S : Side.Image.definitions()) {
    if (!S.IsFunction || !Side.Image.sections()[S.Section].isCode())
      continue;
    DiffFunction &F = Side.Functions[I];
    if (Reports)
      Reports->tell(S.Name, HasRules, F);
    if (F.File.empty() && Files)
      F.File = (*Files)[I];
    // Last, since under LTO it names the module, or a file of the linker's.
    if (F.File.empty())
      F.File = S.File.str();
    Side.WithoutFile += F.File.empty() && !F.IsAlias;
    ++I;
  }
  return Error::success();
}

using PairKey = std::tuple<StringRef, bool, StringRef>;

/// Local names are told apart by their files.
static PairKey keyOf(const DiffFunction &F) {
  return {F.Name, F.IsLocal, F.IsLocal ? StringRef(F.File) : StringRef()};
}

static FunctionChange change(const DiffFunction *Old, const DiffFunction *New,
                             bool IsRelocatable) {
  FunctionChange C;
  C.Old = Old;
  C.New = New;
  if (!Old || !New) {
    C.Growth = Old ? -int64_t(Old->Size) : int64_t(New->Size);
    return C;
  }
  C.Growth = int64_t(New->Size - Old->Size);
  // Sections of a relocatable image have no addresses yet.
  if (!IsRelocatable)
    C.MovedBy = int64_t(New->Address - Old->Address);
  C.IsMoved = C.MovedBy || Old->Section != New->Section;
  return C;
}

static void pairUp(ImageDiff &D) {
  struct Both {
    std::vector<const DiffFunction *> Old, New;
  };
  std::map<PairKey, Both> Pairs;
  for (const DiffFunction &F : D.Old.Functions)
    Pairs[keyOf(F)].Old.push_back(&F);
  for (const DiffFunction &F : D.New.Functions)
    Pairs[keyOf(F)].New.push_back(&F);
  // One that became local, or global, or whose file is not known on one side,
  // is the same one where no other has its name.
  std::map<StringRef, std::pair<std::vector<Both *>, std::vector<Both *>>> Left;
  for (auto &[Key, B] : Pairs) {
    if (B.New.empty())
      Left[std::get<0>(Key)].first.push_back(&B);
    if (B.Old.empty())
      Left[std::get<0>(Key)].second.push_back(&B);
  }
  for (auto &[Name, Sides] : Left)
    if (Sides.first.size() == 1 && Sides.second.size() == 1)
      std::swap(Sides.first[0]->New, Sides.second[0]->New);
  for (const auto &[Key, B] : Pairs)
    for (size_t I = 0; I < std::max(B.Old.size(), B.New.size()); ++I) {
      FunctionChange C = change(I < B.Old.size() ? B.Old[I] : nullptr,
                                I < B.New.size() ? B.New[I] : nullptr,
                                D.New.Image.isRelocatable());
      if (!C.Old || !C.New)
        (C.New ? D.Came : D.Went).push_back(C);
      if (C.Old && C.New && C.Growth)
        D.Resized.push_back(C);
      if (C.IsMoved)
        D.Moved.push_back(C);
    }
}

static void sortBy(std::vector<FunctionChange> &List,
                   int64_t FunctionChange::*Amount) {
  auto Key = [&](const FunctionChange &C) {
    const DiffFunction &F = C.New ? *C.New : *C.Old;
    uint64_t Size = C.*Amount < 0 ? -uint64_t(C.*Amount) : C.*Amount;
    return std::tuple(~Size, StringRef(F.Name), StringRef(F.File), F.Address);
  };
  llvm::sort(List, [&](const FunctionChange &A, const FunctionChange &B) {
    return Key(A) < Key(B);
  });
}

/// Adds up both sides by what \p NameOf says of a function.
static std::vector<SizeChange>
addUp(const ImageDiff &D,
      function_ref<std::string(const DiffFunction &)> NameOf) {
  std::map<std::string, SizeChange> ByName;
  for (const DiffSide *Side : {&D.Old, &D.New})
    for (const DiffFunction &F : Side->Functions) {
      if (F.IsAlias)
        continue;
      SizeChange &C = ByName[NameOf(F)];
      (Side == &D.Old ? C.Old : C.New) += F.Size;
    }
  std::vector<SizeChange> Result;
  for (auto &[Name, C] : ByName) {
    C.Name = Name;
    Result.push_back(std::move(C));
  }
  auto Key = [](const SizeChange &C) {
    uint64_t Amount = C.growth() < 0 ? -uint64_t(C.growth()) : C.growth();
    return std::tuple(~Amount, StringRef(C.Name));
  };
  llvm::sort(Result, [&](const SizeChange &A, const SizeChange &B) {
    return Key(A) < Key(B);
  });
  return Result;
}

static std::string directoryOf(const DiffFunction &F) {
  if (F.File.empty())
    return "";
  StringRef Folder = sys::path::parent_path(F.File);
  return Folder.empty() ? "." : Folder.str();
}

Expected<std::unique_ptr<ImageDiff>> diff(const DiffRequest &Request) {
  Expected<ElfFile> Old = ElfFile::openImage(Request.OldImage);
  if (!Old)
    return Old.takeError();
  Expected<ElfFile> New = ElfFile::openImage(Request.NewImage);
  if (!New)
    return New.takeError();
  if (Old->machine() != New->machine())
    return errorIn(Request.NewImage, "is for another machine (e_machine " +
                                         Twine(New->machine()) + ") than " +
                                         Request.OldImage + " (" +
                                         Twine(Old->machine()) + ")");
  if (Old->isRelocatable() != New->isRelocatable())
    return errorIn(Request.NewImage,
                   "cannot be compared with " + Request.OldImage +
                       ": one of the two is linked, and one is relocatable");
  std::optional<Witness> OldReports, NewReports;
  for (auto [Folder, Image, To] :
       {std::tuple(&Request.OldReports, &Request.OldImage, &OldReports),
        std::tuple(&Request.NewReports, &Request.NewImage, &NewReports)}) {
    if (Folder->empty())
      continue;
    Expected<Witness> Read = Witness::read(*Folder, *Image);
    if (!Read)
      return Read.takeError();
    *To = std::move(*Read);
  }
  auto D = std::make_unique<ImageDiff>(std::move(*Old), std::move(*New));
  const Witness *OfNew = NewReports ? &*NewReports : nullptr;
  const Witness *OfOld = OldReports ? &*OldReports : OfNew;
  if (Error E =
          readSide(Request.OldImage, OfOld, OldReports.has_value(), D->Old))
    return E;
  if (Error E = readSide(Request.NewImage, OfNew, true, D->New))
    return E;
  pairUp(*D);
  for (auto *List : {&D->Came, &D->Went, &D->Resized})
    sortBy(*List, &FunctionChange::Growth);
  sortBy(D->Moved, &FunctionChange::MovedBy);
  D->Directories = addUp(*D, directoryOf);
  if (D->Old.HasReports || D->New.HasReports)
    D->Rules = addUp(*D, [](const DiffFunction &F) { return F.Rule; });
  return D;
}

} // namespace section_placement
