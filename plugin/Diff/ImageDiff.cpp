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
  /// its rule. \p Symbol is its symbol in the image. \p IsOnly says that the
  /// image has no other of that name under that file symbol, \p IsOnlyName
  /// none at all.
  void tell(const ElfSymbol &Symbol, bool IsOnly, bool IsOnlyName,
            bool HasRules, DiffFunction &F) const;

private:
  struct Said {
    std::string File, Rule;
    bool operator==(const Said &O) const {
      return File == O.File && Rule == O.Rule;
    }
  };
  using Several = std::vector<Said>; ///< Of functions of one spelling.
  StringMap<Several> BySymbol, ByName;
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
  auto IsOfImage = [&](const ModuleReport &R) { return isReportOn(R, Image); };
  bool HasImage = any_of(All->Reports, IsOfImage);
  Witness Result;
  for (const ModuleReport &R : All->Reports) {
    if (HasImage && !IsOfImage(R))
      continue;
    for (const ReportedFunction &F : R.Functions) {
      Said New{F.Source, F.Section.empty() ? "" : R.Rules[F.Rule].Name};
      auto Add = [&](StringMap<Several> &To, StringRef Symbol) {
        Several &Known = To[Symbol];
        if (!is_contained(Known, New))
          Known.push_back(New);
      };
      Add(Result.BySymbol, F.Symbol);
      Add(Result.ByName, withoutPromotion(F.Symbol));
    }
  }
  return Result;
}

void Witness::tell(const ElfSymbol &Symbol, bool IsOnly, bool IsOnlyName,
                   bool HasRules, DiffFunction &F) const {
  auto Found = IsOnly ? BySymbol.find(Symbol.Name) : BySymbol.end();
  if (Found == BySymbol.end()) {
    Found = IsOnlyName ? ByName.find(F.Name) : ByName.end();
    if (Found == ByName.end())
      return;
  }
  // A file symbol tells apart those of one spelling.
  const Said *Meant = nullptr;
  unsigned Alike = 0;
  for (const Said &S : Found->second)
    if (!Symbol.File.empty() && sys::path::filename(S.File) == Symbol.File) {
      Meant = &S;
      ++Alike;
    }
  // Code of a header is under its includer's file symbol.
  if (!Alike && IsOnlyName && Found->second.size() == 1)
    Meant = &Found->second.front();
  if (!Meant || Alike > 1)
    return;
  F.File = Meant->File;
  F.FileBy = Meant->File.empty() ? DiffFunction::Evidence::None
                                 : DiffFunction::Evidence::Report;
  if (HasRules)
    F.Rule = Meant->Rule;
}

/// Gives each part that was split off to its function, under all its names.
static void addParts(const ElfFile &Image, ArrayRef<uint32_t> Symbols,
                     std::vector<DiffFunction> &Functions) {
  uint32_t Count = Image.definitions().size();
  for (uint32_t Part = 0; Part < Count; ++Part) {
    uint32_t Parent = Image.splitParent(Part);
    if (Parent == NoIndex)
      continue;
    uint64_t Bytes = Image.definitions()[Part].Size;
    size_t Begin = llvm::lower_bound(Symbols, Parent) - Symbols.begin();
    while (Functions[Begin].IsAlias)
      --Begin;
    size_t End = Begin + 1;
    while (End < Functions.size() && Functions[End].IsAlias)
      ++End;
    for (size_t I = Begin; I < End; ++I) {
      Functions[I].Size += Bytes;
      Functions[I].SplitOff += Bytes;
    }
  }
}

/// The functions of \p Image with their own code, and in \p Symbols which
/// definition each is.
static std::vector<DiffFunction> functionsOf(const ElfFile &Image,
                                             std::vector<uint32_t> &Symbols) {
  std::vector<DiffFunction> Result;
  const ElfSymbol *Last = nullptr;
  for (const ElfSymbol &S : Image.definitions()) {
    if (!S.IsFunction || !Image.sections()[S.Section].isCode())
      continue;
    Symbols.push_back(&S - Image.definitions().data());
    bool IsAlias =
        Last && Last->Section == S.Section && Last->Address == S.Address;
    Result.push_back({withoutPromotion(S.Name).str(), "", "",
                      Image.sections()[S.Section].Name, S.Address, S.Size,
                      S.IsLocal, IsAlias});
    if (!IsAlias)
      Last = &S;
  }
  addParts(Image, Symbols, Result);
  return Result;
}

static Error readSide(StringRef Path, const Witness *Reports, bool HasRules,
                      DiffSide &Side) {
  Side.Path = Path.str();
  Side.HasReports = Reports && HasRules;
  std::vector<uint32_t> Symbols;
  Side.Functions = functionsOf(Side.Image, Symbols);
  std::optional<std::vector<std::string>> Files =
      sourcesByDebugInfo(Side.Image, Side.Functions);
  Side.HasDebugInfo = Files.has_value();
  StringMap<unsigned> Named, NamedInFile;
  auto InFile = [](const ElfSymbol &S) {
    return (S.Name + "\n" + S.File).str();
  };
  for (const DiffFunction &F : Side.Functions)
    ++Named[F.Name];
  for (const ElfSymbol &S : Side.Image.definitions())
    NamedInFile[InFile(S)] += S.IsFunction;
  for (size_t I = 0; I < Symbols.size(); ++I) {
    const ElfSymbol &S = Side.Image.definitions()[Symbols[I]];
    DiffFunction &F = Side.Functions[I];
    if (Reports)
      Reports->tell(S, NamedInFile.lookup(InFile(S)) == 1,
                    Named.lookup(F.Name) == 1, HasRules, F);
    if (F.File.empty() && Files && !(*Files)[I].empty()) {
      F.File = (*Files)[I];
      F.FileBy = DiffFunction::Evidence::DebugInfo;
    }
    // Last, since under LTO it names the module, or a file of the linker's.
    if (F.File.empty() && !S.File.empty() && S.File != "ld-temp.o") {
      F.File = S.File.str();
      F.FileBy = DiffFunction::Evidence::FileSymbol;
    }
    Side.WithoutFile += F.File.empty() && !F.IsAlias;
  }
  return Error::success();
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

uint64_t NotPaired::bytes(const std::vector<const DiffFunction *> &Of) const {
  uint64_t Sum = 0;
  for (const DiffFunction *F : Of)
    Sum += F->IsAlias ? 0 : F->Size;
  return Sum;
}

namespace {
/// Pairs the functions of one name.
class Pairing {
public:
  Pairing(ImageDiff &D, StringRef Name) : D(D), Name(Name) {}
  void add(const DiffFunction &F, bool IsNew) {
    (IsNew ? New : Old).push_back(&F);
  }
  void run();

private:
  using List = std::vector<const DiffFunction *>;
  void pairBy(function_ref<std::string(const DiffFunction &)> KeyOf);
  void pairLikest();
  void keep(const DiffFunction *Of, const DiffFunction *With);

  ImageDiff &D;
  StringRef Name;
  List Old, New; ///< Not paired yet.
};
} // namespace

void Pairing::keep(const DiffFunction *Of, const DiffFunction *With) {
  FunctionChange C = change(Of, With, D.New.Image.isRelocatable());
  if (!Of || !With)
    (With ? D.Came : D.Went).push_back(C);
  if (Of && With && C.Growth)
    D.Resized.push_back(C);
  if (C.IsMoved)
    D.Moved.push_back(C);
}

/// Pairs those of one key, which is empty for who has none, where each side has
/// one such; where both have as many and all are the same size, in their order.
void Pairing::pairBy(function_ref<std::string(const DiffFunction &)> KeyOf) {
  std::map<std::string, std::pair<List, List>> ByKey;
  for (const DiffFunction *F : Old)
    ByKey[KeyOf(*F)].first.push_back(F);
  for (const DiffFunction *F : New)
    ByKey[KeyOf(*F)].second.push_back(F);
  List LeftOld, LeftNew;
  for (const auto &[Key, Sides] : ByKey) {
    const auto &[Before, After] = Sides;
    auto IsOfSize = [&, Sides = &Sides](const DiffFunction *F) {
      return F->Size == Sides->first[0]->Size;
    };
    bool IsSame = !Key.empty() && !Before.empty() &&
                  Before.size() == After.size() &&
                  (Before.size() == 1 ||
                   (all_of(Before, IsOfSize) && all_of(After, IsOfSize)));
    if (IsSame) {
      for (size_t I = 0; I < Before.size(); ++I)
        keep(Before[I], After[I]);
      continue;
    }
    append_range(LeftOld, Before);
    append_range(LeftNew, After);
  }
  Old = std::move(LeftOld);
  New = std::move(LeftNew);
}

/// The folders and the name that \p A and \p B end alike in: reports, debug
/// info and file symbols do not spell the folders before them alike.
static unsigned commonEnd(StringRef A, StringRef B) {
  unsigned Count = 0;
  for (auto I = sys::path::rbegin(A), J = sys::path::rbegin(B);
       I != sys::path::rend(A) && J != sys::path::rend(B) && *I == *J; ++I, ++J)
    ++Count;
  return Count;
}

/// The one of \p Others whose file is most like that of \p F; null where none
/// is or several are.
static const DiffFunction *likest(const DiffFunction &F,
                                  ArrayRef<const DiffFunction *> Others) {
  const DiffFunction *Best = nullptr;
  unsigned Most = 0;
  for (const DiffFunction *Other : Others) {
    unsigned Common = commonEnd(F.File, Other->File);
    if (Common < Most || !Common)
      continue;
    Best = Common > Most ? Other : nullptr;
    Most = Common;
  }
  return Best;
}

/// Pairs those that are each other's likest.
void Pairing::pairLikest() {
  List LeftOld, TakenNew;
  for (const DiffFunction *F : Old) {
    const DiffFunction *With = likest(*F, New);
    if (!With || likest(*With, Old) != F) {
      LeftOld.push_back(F);
      continue;
    }
    keep(F, With);
    TakenNew.push_back(With);
  }
  Old = std::move(LeftOld);
  erase_if(New,
           [&](const DiffFunction *F) { return is_contained(TakenNew, F); });
}

/// Global functions have one of a name. Local ones are told apart by their
/// source files. Where a name stood for one on each side, it is the same one,
/// whatever its file. Of several left on both sides whose files are not known
/// alike, nothing says which is which.
void Pairing::run() {
  using Evidence = DiffFunction::Evidence;
  bool IsOne = Old.size() == 1 && New.size() == 1;
  pairBy([](const DiffFunction &F) {
    return std::string(F.IsLocal ? "" : "global");
  });
  pairBy([](const DiffFunction &F) {
    return F.FileBy >= Evidence::DebugInfo ? F.File : "";
  });
  pairLikest();
  auto IsLikeFirst = [&](const DiffFunction *F) {
    return F->FileBy == Old[0]->FileBy;
  };
  auto IsShared = [&](const DiffFunction *F, const List &Others) {
    return any_of(Others, [&](const DiffFunction *Other) {
      return Other->File == F->File;
    });
  };
  bool FilesTell = !Old.empty() && Old[0]->FileBy >= Evidence::DebugInfo &&
                   all_of(Old, IsLikeFirst) && all_of(New, IsLikeFirst);
  if (Old.size() == 1 && New.size() == 1 && (IsOne || !FilesTell)) {
    keep(Old[0], New[0]);
    return;
  }
  NotPaired Rest;
  Rest.Name = Name.str();
  for (const DiffFunction *F : Old)
    if (New.empty() || (FilesTell && !IsShared(F, New)))
      keep(F, nullptr);
    else
      Rest.Old.push_back(F);
  for (const DiffFunction *F : New)
    if (Old.empty() || (FilesTell && !IsShared(F, Old)))
      keep(nullptr, F);
    else
      Rest.New.push_back(F);
  if (!Rest.Old.empty() || !Rest.New.empty())
    D.NotKnownWhich.push_back(std::move(Rest));
}

static void pairUp(ImageDiff &D) {
  std::map<StringRef, Pairing> ByName;
  for (const DiffSide *Side : {&D.Old, &D.New})
    for (const DiffFunction &F : Side->Functions)
      ByName.try_emplace(F.Name, D, F.Name)
          .first->second.add(F, Side == &D.New);
  for (auto &[Name, P] : ByName)
    P.run();
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
