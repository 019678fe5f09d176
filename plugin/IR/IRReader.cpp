//===- IRReader.cpp - A module as a Program -----------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One walk over the module's symbols, and over its instructions only where a
// rule grows along calls or branches. Native code is joined by name.
//
//===----------------------------------------------------------------------===//

#include "section-placement/IR/IRReader.h"
#include "CallReader.h"
#include "ModuleReading.h"
#include "ReadsReader.h"
#include "section-placement/Asm/InlineAsmReader.h"
#include "section-placement/IR/CodeSize.h"
#include "section-placement/IR/ImportedConstants.h"
#include "section-placement/IR/SourceStamp.h"
#include "section-placement/Model/CanonicalName.h"
#include "section-placement/Objects/BitcodeInputs.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Analysis/BlockFrequencyInfo.h"
#include "llvm/Analysis/ProfileSummaryInfo.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

namespace {
/// Collects each inline asm once.
class InlineAsmList {
public:
  explicit InlineAsmList(ReadModule &Out) : Out(Out) {}

  void add(CallBase &Call) {
    if (Known.insert(cast<InlineAsm>(Call.getCalledOperand())).second)
      Out.InlineAsms->push_back(&Call);
  }

private:
  ReadModule &Out;
  SmallPtrSet<const InlineAsm *, 16> Known;
};

class ModuleReader {
public:
  ModuleReader(const ModuleInput &Input, ReadModule &Out)
      : Reading(Input, Out), In(Input), Out(Out), P(Out.P),
        Stamps(Input.M, Input.Root),
        IsMerged(Input.IsMerged || Input.M.getSourceFileName() == MergedName),
        HasOwnSource(!IsMerged && isNamedAfterFile(Input.M)) {
    for (StringRef Name : In.Wanted.Attributes)
      Attributes.emplace_back(Name, Attribute::getAttrKindFromName(Name));
  }

  void read() {
    readFunctions();
    readVariables();
    readAliases();
    findParents();
    if (In.Wanted.Reads)
      readConstantReads();
    if (In.Wanted.Annotations)
      readAnnotations();
    if (In.Natives)
      joinNatives(Reading, *In.Natives, In.NamedNatives, /*SeesLocals=*/false);
    joinModuleAsm(Reading);
    if (In.HasBodies && (In.Wanted.Branches || In.Wanted.Calls))
      readInstructions();
    P.finish();
  }

private:
  void readFunctions();
  void readFunction(Function &F);
  void readVariables();
  void readVariable(GlobalVariable &V, StringRef Canonical);
  void readImportedConstants();
  void readConstantReads();
  void readArchive(Symbol &S);
  StringRef sourceOf(const Function &F);
  StringRef sourceOf(const GlobalVariable &V);
  StringRef stampedSource(StringRef Path);
  uint32_t symbolFor(const GlobalValue &V) const;
  StringRef fileSource(const DIFile *File);
  template <typename T> void readAttributes(const T &HasAttribute, Symbol &S);
  void readAnnotations();
  void readTemperature(Function &F, Symbol &S);
  void readTraining(const Function &F, Symbol &S);
  void readAliases();
  void findParents();
  void readInstructions();
  void readInlineAsm(uint32_t From, CallBase &Call);
  void tellUngrown(uint32_t From, const AsmReference &R);

  /// What a full-LTO link calls the module that it merges.
  static constexpr StringLiteral MergedName = "ld-temp.o";

  ModuleReading Reading;
  const ModuleInput &In;
  ReadModule &Out;
  Program &P;
  SourceStamps Stamps;
  bool IsMerged;
  bool HasOwnSource; ///< Its source_filename is where its functions are from.
  DenseMap<const GlobalVariable *, uint32_t> Variables;
  /// By the debug info of a variable; made at the first question.
  std::optional<DenseMap<const DIGlobalVariable *, const DIFile *>> UnitsOf;
  DenseMap<const DIFile *, StringRef> Files;
  DenseMap<const char *, StringRef> Stamped; ///< By the string of Stamps.
  std::optional<StringRef> ModuleSource, ModuleArchive;
  InlineAsmReader AsmReader{In.M};
  std::vector<AsmReference> AsmReferences; ///< Of the call at hand.
  InlineAsmList Asms{Out};
  /// The attributes that are wanted; None for a string one.
  SmallVector<std::pair<StringRef, Attribute::AttrKind>, 4> Attributes;
};
} // namespace

void ModuleReader::readFunctions() {
  P.Symbols.reserve(In.M.size());
  Out.Functions.reserve(In.M.size());
  Reading.Indices.reserve(In.M.size());
  for (Function &F : In.M)
    if (!F.isDeclaration() && !F.hasAvailableExternallyLinkage())
      readFunction(F);
}

void ModuleReader::readFunction(Function &F) {
  Symbol S;
  S.Name = objectName(F);
  S.Canonical = canonicalName(S.Name, IsMerged);
  S.Section = F.getSection();
  if (In.Wanted.Sources)
    S.Source = sourceOf(F);
  S.IsLocal = F.hasLocalLinkage();
  readArchive(S);
  // An id that means no file, or none: see markUnrecordedOrigins (Annotate).
  S.IsUnrecorded = S.Source.empty() && F.hasFnAttribute(SourceIdStamp);
  S.IsComdat = F.hasComdat();
  if (!In.IsLastLink && F.isWeakForLinker())
    S.Others = F.isInterposable() ? Rivals::Any : Rivals::Equal;
  S.IsJumpTable = S.Name.take_front(14) == ".cfi.jumptable";
  readAttributes(F, S);
  readTemperature(F, S);
  readTraining(F, S);
  if (In.Wanted.Guids)
    S.Guid = compat::guidOf(F);
  if (In.Wanted.Sizes && In.HasBodies && In.Costs)
    S.Size = estimateCodeSize(F, In.Costs(F));
  Reading.Indices[&F] = P.Symbols.size();
  P.Symbols.push_back(S);
  Out.Functions.push_back(&F);
}

/// The archive's member that \p S came from.
void ModuleReader::readArchive(Symbol &S) {
  if (!In.Wanted.Archives)
    return;
  if (!IsMerged) {
    if (!ModuleArchive)
      ModuleArchive = P.save(
          !In.Input.empty() && In.Input.back() == ')' ? In.Input : StringRef());
    S.Archive = *ModuleArchive;
    return;
  }
  std::optional<StringRef> Found =
      In.Inputs ? In.Inputs->memberDefining({S.Name, S.Canonical}, S.Source,
                                            S.IsLocal)
                : std::nullopt;
  S.IsArchiveUnknown = !Found;
  S.Archive = Found.value_or("");
}

static bool hasAttribute(const Function &F, Attribute::AttrKind Kind) {
  return F.hasFnAttribute(Kind);
}
static bool hasAttribute(const Function &F, StringRef Name) {
  return F.hasFnAttribute(Name);
}
template <typename NameOrKind>
static bool hasAttribute(const GlobalVariable &V, NameOrKind Asked) {
  return V.hasAttribute(Asked);
}

template <typename T>
void ModuleReader::readAttributes(const T &Of, Symbol &S) {
  S.AttributesBegin = P.Attributes.size();
  for (auto [Name, Kind] : Attributes) {
    if (Kind != Attribute::None ? hasAttribute(Of, Kind)
                                : hasAttribute(Of, Name))
      P.Attributes.push_back(Name);
  }
  S.AttributesEnd = P.Attributes.size();
}

/// As TargetLoweringObjectFile::getKindForGlobal tells them apart.
static Content contentOf(const GlobalVariable &V, const ModuleInput &In) {
  if (V.hasAppendingLinkage() || V.getName().take_front(5) == "llvm.")
    return Content::Reserved;
  if (V.isThreadLocal())
    return Content::ThreadLocal;
  if (V.hasCommonLinkage())
    return In.KeepsCommon ? Content::Common : Content::Zeros;
  const Constant &Initial = *V.getInitializer();
  std::optional<bool> IsPIC =
      In.Link ? In.Link->isPositionIndependent() : std::nullopt;
  bool IsRelocated = IsPIC.value_or(In.M.getPICLevel() != PICLevel::NotPIC) &&
                     Initial.needsDynamicRelocation();
  if (V.isConstant())
    return IsRelocated ? Content::Relocated : Content::Constant;
  return Initial.isNullValue() ? Content::Zeros : Content::Variable;
}

/// The section that the source gave it, by an attribute of its own or by
/// `#pragma clang section` for what it holds.
static StringRef sourceSectionOf(const GlobalVariable &V, Content Holds) {
  if (V.hasSection())
    return V.getSection();
  StringRef Kind = Holds == Content::Constant    ? "rodata-section"
                   : Holds == Content::Zeros     ? "bss-section"
                   : Holds == Content::Relocated ? "relro-section"
                                                 : "data-section";
  return V.hasAttribute(Kind) ? V.getAttribute(Kind).getValueAsString()
                              : StringRef();
}

/// What no rule asks for is not read, but what a rule names is: it may have
/// been taken for a function.
void ModuleReader::readVariables() {
  const Interest &Wanted = In.Wanted;
  if (!Wanted.Variables && Wanted.Names.empty())
    return;
  for (GlobalVariable &V : In.M.globals()) {
    if (V.isDeclaration() || V.hasAvailableExternallyLinkage() ||
        isImportedCopy(V))
      continue;
    StringRef Name = objectName(V), Canonical = canonicalName(Name, IsMerged);
    auto IsNamed = [&](StringRef Spelling) {
      return std::binary_search(Wanted.Names.begin(), Wanted.Names.end(),
                                Spelling);
    };
    bool IsReserved = V.hasAppendingLinkage() || Name.take_front(5) == "llvm.";
    if ((Wanted.Variables && !IsReserved) || IsNamed(Name) ||
        IsNamed(Canonical))
      readVariable(V, Canonical);
  }
  if (Wanted.Reads)
    readImportedConstants();
}

/// Each stands for what it is a copy of, and is not moved itself.
void ModuleReader::readImportedConstants() {
  for (auto [Copy, Of] : importedConstants(In.M)) {
    readVariable(*Copy, "");
    Symbol &S = P.Symbols.back();
    S.Name = objectName(*Of);
    S.Canonical = canonicalName(S.Name, IsMerged);
    S.IsLocal = false;
    S.IsImported = true;
    Out.Imported[Copy] = Of;
    Variables[Of] = Variables.lookup(Copy);
  }
}

void ModuleReader::readConstantReads() {
  auto SymbolOf = [&](const GlobalValue &V) { return symbolFor(V); };
  ReadsReader Reads(SymbolOf);
  for (GlobalVariable *V : Out.Variables) {
    if (!V->isConstant() || V->isThreadLocal())
      continue;
    GlobalVariable *Of = Out.Imported.lookup(V);
    Reads.add(Of ? *Of : *V, Variables.lookup(V));
  }
  P.Reads = Reads.take();
}

void ModuleReader::readVariable(GlobalVariable &V, StringRef Canonical) {
  Symbol S;
  S.Name = objectName(V);
  S.Canonical = Canonical;
  S.Holds = contentOf(V, In);
  S.Section = sourceSectionOf(V, S.Holds);
  if (In.Wanted.Sources)
    S.Source = sourceOf(V);
  S.IsLocal = V.hasLocalLinkage();
  readArchive(S);
  S.IsComdat = V.hasComdat();
  S.IsConstant =
      V.isConstant() && !V.isThreadLocal() && S.Holds != Content::Reserved;
  S.IsCopyable = S.IsConstant && V.hasDefinitiveInitializer();
  readAttributes(V, S);
  if (In.Wanted.Guids)
    S.Guid = compat::guidOf(V);
  Variables[&V] = P.Symbols.size();
  P.Symbols.push_back(S);
  Out.Variables.push_back(&V);
}

uint32_t ModuleReader::symbolFor(const GlobalValue &V) const {
  if (uint32_t I = Reading.symbolFor(&V); I != NoIndex)
    return I;
  auto *Of = dyn_cast_or_null<GlobalVariable>(V.getAliaseeObject());
  auto Found = Of ? Variables.find(Of) : Variables.end();
  return Found == Variables.end() ? NoIndex : Found->second;
}

/// As CodeGenPrepare asks the profile for a section prefix.
static Temperature temperatureOf(Function &F, const ModuleInput &In) {
  if (!In.Profile || !In.Profile->hasProfileSummary())
    return Temperature::Unknown;
  BlockFrequencyInfo &Frequencies = In.Frequencies(F);
  if (In.Profile->isFunctionHotInCallGraph(&F, Frequencies))
    return Temperature::Hot;
  return In.Profile->isFunctionColdInCallGraph(&F, Frequencies)
             ? Temperature::Cold
             : Temperature::Unknown;
}

/// As CodeGenPrepare chooses the section prefix: hot by the attribute or by the
/// profile overrides cold by either.
void ModuleReader::readTemperature(Function &F, Symbol &S) {
  S.IsHot = F.hasFnAttribute(Attribute::Hot);
  S.IsCold = !S.IsHot && F.hasFnAttribute(Attribute::Cold);
  if (!In.Wanted.Temperatures)
    return;
  S.Profile = temperatureOf(F, In);
  S.IsHot |= S.Profile == Temperature::Hot;
  S.IsCold = !S.IsHot && (S.IsCold || S.Profile == Temperature::Cold);
}

/// By the count of its entry: what is left of it after the compile's inlining,
/// so a function whose every call was inlined counts as one that never ran.
void ModuleReader::readTraining(const Function &F, Symbol &S) {
  if (!In.Wanted.Weights || !In.HasBodies)
    return;
  if (auto Count = F.getEntryCount())
    S.InTraining = Count->getCount() ? Training::Ran : Training::NeverRan;
}

/// `llvm.global.annotations` is an array of structs: what is annotated, and a
/// pointer to the text.
void ModuleReader::readAnnotations() {
  const GlobalVariable *List = In.M.getNamedGlobal("llvm.global.annotations");
  const auto *Items = List && List->hasInitializer()
                          ? dyn_cast<ConstantArray>(List->getInitializer())
                          : nullptr;
  if (!Items)
    return;
  std::vector<std::pair<uint32_t, StringRef>> Found;
  for (const Use &Item : Items->operands()) {
    const auto *Fields = dyn_cast<ConstantStruct>(Item);
    if (!Fields || Fields->getNumOperands() < 2)
      continue;
    const auto *Of =
        dyn_cast<GlobalValue>(Fields->getOperand(0)->stripPointerCasts());
    const auto *Text =
        dyn_cast<GlobalVariable>(Fields->getOperand(1)->stripPointerCasts());
    const auto *Bytes =
        Text && Text->hasInitializer()
            ? dyn_cast<ConstantDataSequential>(Text->getInitializer())
            : nullptr;
    uint32_t Symbol = Of ? symbolFor(*Of) : NoIndex;
    if (Symbol != NoIndex && Bytes && Bytes->isCString())
      Found.emplace_back(Symbol, Bytes->getAsCString());
  }
  llvm::sort(Found);
  for (auto [I, Text] : Found) {
    Symbol &S = P.Symbols[I];
    if (S.AnnotationsEnd == S.AnnotationsBegin)
      S.AnnotationsBegin = P.Annotations.size();
    P.Annotations.push_back(Text);
    S.AnnotationsEnd = P.Annotations.size();
  }
}

StringRef ModuleReader::fileSource(const DIFile *File) {
  auto [Known, IsNew] = Files.try_emplace(File);
  if (IsNew)
    Known->second =
        P.save(In.Root.relative(File->getFilename(), File->getDirectory()));
  return Known->second;
}

StringRef ModuleReader::stampedSource(StringRef Path) {
  auto [Known, IsNew] = Stamped.try_emplace(Path.data());
  if (IsNew)
    Known->second = P.save(Path);
  return Known->second;
}

/// The file that debug info says a variable came from is that of the unit that
/// lists it: its own may be a header.
StringRef ModuleReader::sourceOf(const GlobalVariable &V) {
  if (std::optional<StringRef> Path = Stamps.of(V))
    return stampedSource(*Path);
  if (HasOwnSource) {
    if (!ModuleSource)
      ModuleSource = P.save(In.Root.relative(In.M.getSourceFileName(), ""));
    return *ModuleSource;
  }
  if (!UnitsOf) {
    UnitsOf.emplace();
    for (const DICompileUnit *Unit : In.M.debug_compile_units())
      for (const DIGlobalVariableExpression *Listed :
           Unit->getGlobalVariables())
        UnitsOf->try_emplace(Listed->getVariable(), Unit->getFile());
  }
  SmallVector<DIGlobalVariableExpression *, 1> Described;
  V.getDebugInfo(Described);
  for (const DIGlobalVariableExpression *One : Described)
    if (const DIFile *File = UnitsOf->lookup(One->getVariable()))
      return fileSource(File);
  return "";
}

StringRef ModuleReader::sourceOf(const Function &F) {
  if (std::optional<StringRef> Path = Stamps.of(F))
    return stampedSource(*Path);
  if (const DIFile *File = debugSourceOf(F))
    return fileSource(File);
  if (!HasOwnSource)
    return "";
  if (!ModuleSource)
    ModuleSource = P.save(In.Root.relative(In.M.getSourceFileName(), ""));
  return *ModuleSource;
}

void ModuleReader::readAliases() {
  auto Add = [&](const GlobalValue &V) {
    uint32_t Symbol = symbolFor(V);
    if (Symbol == NoIndex)
      return;
    P.Aliases.push_back({objectName(V), Symbol, V.hasLocalLinkage(),
                         V.isWeakForLinker(), Reading.bindingOf(V)});
  };
  for (const GlobalAlias &A : In.M.aliases())
    Add(A);
  for (const GlobalIFunc &I : In.M.ifuncs())
    Add(I);
}

void ModuleReader::findParents() {
  for (uint32_t I = 0; I < P.Symbols.size(); ++I) {
    Symbol &S = P.Symbols[I];
    if (S.isVariable() || S.Name.find('.') == StringRef::npos)
      continue;
    StringRef Parent = parentName(S.Name);
    if (Parent.empty())
      continue;
    if (const Function *F = In.M.getFunction(Parent)) {
      uint32_t Index = Reading.symbolFor(F);
      if (Index != I)
        S.Parent = Index;
    }
  }
}

void ModuleReader::readInstructions() {
  Out.InlineAsms.emplace();
  std::optional<CallReader> Calls;
  if (In.Wanted.Calls)
    Calls.emplace(Reading);
  for (uint32_t From = 0; From < Out.Functions.size(); ++From) {
    if (Calls)
      Calls->enter(From);
    for (Instruction &I : instructions(*Out.Functions[From])) {
      auto *Call = dyn_cast<CallBase>(&I);
      if (Call && Call->isInlineAsm())
        readInlineAsm(From, *Call);
      else if (Calls)
        Calls->read(I);
    }
  }
}

/// What inline asm refers to and cannot be grown to is reported with the
/// function.
void ModuleReader::readInlineAsm(uint32_t From, CallBase &Call) {
  Asms.add(Call);
  AsmReferences.clear();
  AsmReader.read(Call, AsmReferences);
  for (const AsmReference &R : AsmReferences) {
    StringRef Target = objectName(*R.Target);
    if (!R.Relocation) {
      P.Symbols[From].HasUnreadableAsm = true;
      P.Notes.push_back({Note::Kind::UnreadableAsm, From, NoIndex, Target,
                         P.save(R.Statement)});
      continue;
    }
    BoundName Bound{Binding::Definition, Target, ""};
    const GlobalValue *V = R.Target;
    if (!V->hasLocalLinkage()) {
      Bound = Reading.bind(Target);
      V = Bound.By.empty() ? V : Reading.definition(Bound.Name);
    }
    uint32_t To = V ? Reading.symbolFor(V) : NoIndex;
    if (To != NoIndex && R.Section.empty()) {
      Evidence By{"inline asm", R.Relocation->Name, 0, R.Relocation->reach()};
      Reading.setBound(By, Target, Bound);
      Binding How = Reading.bindingOf(*V);
      Reading.addEdge(From, To, *R.Relocation, By,
                      How != Binding::Definition ? How : Bound.How);
      continue;
    }
    if (R.Relocation->IsShort)
      tellUngrown(From, R);
    if (R.Relocation->IsCall && In.Wanted.Calls && isa<Function>(R.Target)) {
      uint32_t By = P.Evidences.size();
      P.Evidences.push_back({"inline asm", R.Relocation->Name, 0, 0});
      P.Edges.push_back(
          {From, Reading.undefined(Target), EdgeKind::Call, By, 0});
    }
  }
}

void ModuleReader::tellUngrown(uint32_t From, const AsmReference &R) {
  Note::Kind What = !R.Section.empty()              ? Note::Kind::OtherSection
                    : isa<GlobalVariable>(R.Target) ? Note::Kind::DataReference
                                                    : Note::Kind::OutOfHand;
  Reading.note(What, From, objectName(*R.Target), *R.Relocation, "inline asm",
               /*Offset=*/0, R.Section);
}

void readInlineAsms(ReadModule &Read) {
  Read.InlineAsms.emplace();
  InlineAsmList Asms(Read);
  for (Function *F : Read.Functions)
    for (Instruction &I : instructions(*F))
      if (auto *Call = dyn_cast<CallBase>(&I); Call && Call->isInlineAsm())
        Asms.add(*Call);
}

void readModule(const ModuleInput &Input, ReadModule &Result) {
  ModuleReader(Input, Result).read();
}

} // namespace section_placement
