//===- ImageProgram.cpp - An image as a Program ---------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Model/CanonicalName.h"
#include "section-placement/Verify/Expectation.h"
#include "section-placement/Verify/Locator.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <map>

using namespace llvm;

namespace section_placement {

namespace {
class ImageReader {
public:
  ImageReader(const ElfFile &Image, const NativeFacts &Natives,
              const Interest &Wanted, ImageProgram &Out)
      : Image(Image), Natives(Natives), Wanted(Wanted), Out(Out), P(Out.P),
        InProgram(Image.definitions().size(), NoIndex) {}

  void addNatives();
  void addFunctions();
  void addVariables();
  void findParents();
  void addNativeEdges();
  void addObjectEdges(const ObjectFile &Object);

private:
  void find(ArrayRef<uint32_t> OfOneSection);
  bool isFunction(const ElfSymbol &S) const;
  uint32_t only(StringRef Name, bool IsLocal) const;
  void addEdge(uint32_t From, uint32_t To, const RelocationReach &R,
               StringRef Object, uint64_t Offset);

  const ElfFile &Image;
  const NativeFacts &Natives;
  const Interest &Wanted;
  ImageProgram &Out;
  Program &P;
  std::vector<uint32_t> InProgram; ///< By the image's symbol.
};
} // namespace

/// Native symbols have the same indices in the Program as in the facts.
void ImageReader::addNatives() {
  std::map<uint32_t, std::vector<uint32_t>> BySection; // By rank.
  for (uint32_t I = 0; I < Natives.Symbols.size(); ++I) {
    const NativeSymbol &N = Natives.Symbols[I];
    BySection[N.Rank].push_back(I);
    Symbol S = symbolOf(N);
    // One that the image lacks answers to no name.
    if (Image.symbolsNamed(N.Name).empty())
      S.Name = S.Canonical = "";
    P.Symbols.push_back(S);
    Out.ImageSymbol.push_back(NoIndex);
  }
  for (const auto &Section : BySection)
    find(Section.second);
}

/// Finds the native symbols of one section again in the image.
void ImageReader::find(ArrayRef<uint32_t> OfOneSection) {
  std::vector<ElfSymbol> Anchors;
  for (uint32_t I : OfOneSection) {
    const NativeSymbol &N = Natives.Symbols[I];
    ElfSymbol &Anchor = Anchors.emplace_back();
    Anchor.Name = N.Name;
    Anchor.Address = N.Address;
    Anchor.IsLocal = N.IsLocal;
  }
  std::sort(Anchors.begin(), Anchors.end(),
            [](const ElfSymbol &A, const ElfSymbol &B) {
              return A.Address < B.Address;
            });
  LocatedSection Home = locateSection(Image, Anchors);
  for (uint32_t I : OfOneSection) {
    const NativeSymbol &N = Natives.Symbols[I];
    std::optional<ImagePlace> Place = Home.place(N.Address);
    const ElfSymbol *Found = Place ? symbolAt(Image, *Place, N.Name) : nullptr;
    ArrayRef<uint32_t> Named = Image.symbolsNamed(N.Name);
    if (!N.IsLocal && !Named.empty() && !Image.definitions()[Named[0]].IsLocal)
      Found = &Image.definitions()[Named[0]];
    if (!Found)
      continue;
    uint32_t Index = Found - Image.definitions().data();
    InProgram[Index] = I;
    Out.ImageSymbol[I] = Index;
  }
}

/// What the policy names may be code without a type: a label of assembly.
bool ImageReader::isFunction(const ElfSymbol &S) const {
  return Image.sections()[S.Section].isCode() && S.Type != ELF::STT_OBJECT &&
         (S.IsFunction ||
          std::binary_search(Wanted.Names.begin(), Wanted.Names.end(), S.Name));
}

void ImageReader::addFunctions() {
  const ElfSymbol *Last = nullptr;
  for (uint32_t I = 0; I < Image.definitions().size(); ++I) {
    const ElfSymbol &Found = Image.definitions()[I];
    if (InProgram[I] != NoIndex || !isFunction(Found))
      continue;
    bool IsAlias = Last && Last->Section == Found.Section &&
                   Last->Address == Found.Address;
    if (IsAlias) {
      InProgram[I] = P.Symbols.size() - 1;
      P.Aliases.push_back({Found.Name, InProgram[I]});
      continue;
    }
    Last = &Found;
    Symbol S;
    S.Name = Found.Name;
    S.Canonical = canonicalName(S.Name, /*Merged=*/false);
    S.IsLocal = Found.IsLocal;
    InProgram[I] = P.Symbols.size();
    P.Symbols.push_back(S);
    Out.ImageSymbol.push_back(I);
  }
}

/// The one symbol of the Program that \p Name means; NoIndex where there is
/// none or, of local ones, several.
uint32_t ImageReader::only(StringRef Name, bool IsLocal) const {
  ArrayRef<uint32_t> Named = Image.symbolsNamed(Name);
  if (Named.empty())
    return NoIndex;
  bool IsOne =
      Named.size() == 1 || (!IsLocal && !Image.definitions()[Named[0]].IsLocal);
  return IsOne ? InProgram[Named[0]] : NoIndex;
}

/// What holds data in the image, where rules match variables or name one.
void ImageReader::addVariables() {
  for (uint32_t I = 0; I < Image.definitions().size(); ++I) {
    const ElfSymbol &Found = Image.definitions()[I];
    StringRef Canonical = canonicalName(Found.Name, /*Merged=*/false);
    bool IsNamed =
        std::binary_search(Wanted.Names.begin(), Wanted.Names.end(),
                           Found.Name) ||
        std::binary_search(Wanted.Names.begin(), Wanted.Names.end(), Canonical);
    if (InProgram[I] != NoIndex || Found.Type != ELF::STT_OBJECT ||
        (!Wanted.Variables && !IsNamed))
      continue;
    Symbol S;
    S.Name = Found.Name;
    S.Canonical = Canonical;
    S.IsLocal = Found.IsLocal;
    S.Holds = Content::Unknown;
    InProgram[I] = P.Symbols.size();
    P.Symbols.push_back(S);
    Out.ImageSymbol.push_back(I);
  }
}

void ImageReader::findParents() {
  for (uint32_t I = Natives.Symbols.size(); I < P.Symbols.size(); ++I) {
    Symbol &S = P.Symbols[I];
    if (S.isVariable() || S.Name.find('.') == StringRef::npos)
      continue;
    StringRef Parent = parentName(S.Name);
    uint32_t Found = Parent.empty() ? NoIndex : only(Parent, /*IsLocal=*/false);
    if (Found != I && Found != NoIndex && !P.Symbols[Found].IsNative)
      S.Parent = Found;
  }
}

void ImageReader::addEdge(uint32_t From, uint32_t To, const RelocationReach &R,
                          StringRef Object, uint64_t Offset) {
  uint32_t Index = P.Evidences.size();
  P.Evidences.push_back({Object, R.Name, Offset, R.IsShort ? R.reach() : 0});
  if (R.IsShort)
    P.Edges.push_back({From, To, EdgeKind::Branch, Index});
  if (R.IsCall)
    P.Edges.push_back({From, To, EdgeKind::Call, Index});
}

void ImageReader::addNativeEdges() {
  for (const NativeReference &R : Natives.References) {
    uint32_t To = only(R.Target, /*IsLocal=*/false);
    if (To != NoIndex)
      addEdge(R.From, To, *R.Relocation, Natives.Symbols[R.From].Object,
              R.Offset);
  }
}

/// Short references of what is no native object of the policy: a vmlinux.o has
/// those of inline asm.
void ImageReader::addObjectEdges(const ObjectFile &Object) {
  for (const ObjectReference &R : Object.References) {
    if (R.Owner == NoIndex || R.Target.empty())
      continue;
    const ElfSymbol &Owner = Object.File.definitions()[R.Owner];
    uint32_t From = only(Owner.Name, Owner.IsLocal);
    uint32_t To = only(R.Target, R.TargetIsLocal);
    if (From != NoIndex && To != NoIndex)
      addEdge(From, To, *R.Relocation, Object.Name, R.Offset);
  }
}

void readImageProgram(const ElfFile &Image, const NativeFacts &Natives,
                      const ObjectFiles &Objects, const Interest &Wanted,
                      ImageProgram &Result) {
  ImageReader Reader(Image, Natives, Wanted, Result);
  Reader.addNatives();
  Reader.addFunctions();
  Reader.addVariables();
  Reader.findParents();
  Reader.addNativeEdges();
  for (const ObjectFile &Object : Objects.Objects)
    Reader.addObjectEdges(Object);
  Result.P.finish();
}

} // namespace section_placement
