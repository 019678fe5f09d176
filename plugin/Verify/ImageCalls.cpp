//===- ImageCalls.cpp - Who calls whom, by the image's code ---------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In a relocatable image most calls are relocations, and those inside one
// section are instructions only; in a linked one all are instructions.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Decode/ImageDecoder.h"
#include "section-placement/Objects/RelocationForm.h"
#include "section-placement/Verify/Expectation.h"
#include "llvm/ADT/DenseSet.h"

using namespace llvm;

namespace section_placement {

namespace {
class CallReader {
public:
  CallReader(const ElfFile &Image, ImageProgram &Out)
      : Image(Image), Out(Out), InProgram(Image.definitions().size(), NoIndex) {
    for (uint32_t I = 0; I < Out.ImageSymbol.size(); ++I)
      if (Out.ImageSymbol[I] != NoIndex)
        InProgram[Out.ImageSymbol[I]] = I;
  }

  void addRelocations(uint32_t Section);
  void addInstructions(uint32_t Section, const ImageDecoder &Decoder);

private:
  uint32_t functionAt(uint32_t Section, uint64_t Address) const;
  void add(uint32_t From, uint32_t To, uint64_t Address);

  const ElfFile &Image;
  ImageProgram &Out;
  std::vector<uint32_t> InProgram; ///< By definition of the image.
  DenseSet<uint64_t> Places;       ///< Of relocations, in the section at hand.
};
} // namespace

uint32_t CallReader::functionAt(uint32_t Section, uint64_t Address) const {
  uint32_t Owner = Image.ownerOf(Section, Address);
  return Owner == NoIndex ? NoIndex : InProgram[Owner];
}

void CallReader::add(uint32_t From, uint32_t To, uint64_t Address) {
  if (From == NoIndex || To == NoIndex || From == To)
    return;
  uint32_t Evidence = Out.P.Evidences.size();
  Out.P.Evidences.push_back({"the image", "a call", Address, 0});
  Out.P.Edges.push_back({From, To, EdgeKind::Call, Evidence});
}

void CallReader::addRelocations(uint32_t Section) {
  Places.clear();
  Error E = Image.forEachRelocation(Section, [&](const ElfRelocation &R) {
    Places.insert(R.Address);
    if (!R.Reach || !R.Reach->IsCall || R.Symbol >= Image.symbols().size())
      return Error::success();
    const ElfSymbol &Target = Image.symbols()[R.Symbol];
    if (Target.Section)
      add(functionAt(Section, R.Address),
          functionAt(Target.Section,
                     Target.Address + R.Addend - counterBias(*R.Reach)),
          R.Address);
    return Error::success();
  });
  consumeError(std::move(E)); // Measuring says so.
}

void CallReader::addInstructions(uint32_t Section,
                                 const ImageDecoder &Decoder) {
  const ElfSection &S = Image.sections()[Section];
  uint64_t Begin = Image.isRelocatable() ? 0 : S.Address;
  Decoder.forEach(Section, Begin, Begin + S.Size, [&](const CodeReference &C) {
    if (!C.transfersControl() || !C.Target || Places.contains(C.Address))
      return;
    uint32_t To = Image.isRelocatable() ? Section : Image.sectionAt(*C.Target);
    if (To != NoIndex)
      add(functionAt(Section, C.Address), functionAt(To, *C.Target), C.Address);
  });
}

Error addCallsOfImage(const ElfFile &Image, ImageProgram &Result) {
  Expected<std::unique_ptr<ImageDecoder>> Decoder = ImageDecoder::create(Image);
  CallReader Reader(Image, Result);
  for (uint32_t S = 0; S < Image.sections().size(); ++S)
    if (Image.sections()[S].isCode()) {
      Reader.addRelocations(S);
      if (Decoder)
        Reader.addInstructions(S, **Decoder);
    }
  Result.P.finish();
  return Decoder ? Error::success() : Decoder.takeError();
}

} // namespace section_placement
