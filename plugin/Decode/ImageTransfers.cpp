//===- ImageTransfers.cpp - Every branch of an image ----------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Decode/ImageTransfers.h"
#include "section-placement/Model/Program.h"
#include "section-placement/Objects/RelocationForm.h"
#include "llvm/ADT/STLExtras.h"
#include <tuple>

using namespace llvm;

namespace section_placement {

/// Adds calls that are relocations, and to \p Places where any relocation is:
/// what the instruction there holds says nothing yet.
void ImageTransfers::addRelocations(uint32_t Section, Code &Into,
                                    std::vector<uint64_t> &Places) const {
  Error E = Image.forEachRelocation(Section, [&](const ElfRelocation &R) {
    Places.push_back(R.Address);
    if (!R.Reach || !R.Reach->IsCall || R.Symbol >= Image.symbols().size())
      return Error::success();
    const ElfSymbol &Target = Image.symbols()[R.Symbol];
    Transfer T{R.Address, R.Symbol, nullptr, NoIndex, Transfer::Kind::Undefined,
               0};
    if (Target.Section) {
      T.Where = Transfer::Kind::Address;
      T.Target = Target.Address + R.Addend - counterBias(*R.Reach);
      T.TargetSection = Target.Section;
    }
    Into.Transfers.push_back(T);
    return Error::success();
  });
  consumeError(std::move(E)); // Measuring reports it.
  llvm::sort(Places);
}

const ImageTransfers::Code &ImageTransfers::read(uint32_t Section) {
  Code &Into = Sections[Section];
  if (Into.IsRead)
    return Into;
  Into.IsRead = true;
  const ElfSection &S = Image.sections()[Section];
  std::vector<uint64_t> Places;
  if (Image.isRelocatable())
    addRelocations(Section, Into, Places);
  if (!Decoder)
    return Into;
  auto Visit = [&](const CodeReference &C) {
    if (!C.transfersControl() || (C.Flow == ControlFlow::Return && !C.Target))
      return;
    auto Place = llvm::lower_bound(Places, C.Address);
    if (Place != Places.end() && *Place < C.Address + C.Size)
      return;
    Transfer T{C.Address,
               C.Target.value_or(0),
               C.Form,
               NoIndex,
               C.Target ? Transfer::Kind::Address : Transfer::Kind::NotKnown,
               uint8_t(C.Size)};
    if (C.Target)
      T.TargetSection =
          Image.isRelocatable() ? Section : Image.sectionAt(*C.Target);
    Into.Transfers.push_back(T);
  };
  Decoder->forEach(Section, S.Address, S.Address + S.Size, Visit,
                   [&](uint64_t Address, unsigned Size) {
                     Into.Undecoded.push_back({Address, Size});
                   });
  if (!Places.empty())
    llvm::sort(Into.Transfers, [](const Transfer &A, const Transfer &B) {
      return std::tie(A.Address, A.Target) < std::tie(B.Address, B.Target);
    });
  Into.Transfers.shrink_to_fit();
  return Into;
}

ArrayRef<Transfer> ImageTransfers::in(uint32_t Section, uint64_t Begin,
                                      uint64_t End) {
  ArrayRef<Transfer> All = in(Section);
  auto IsBefore = [](const Transfer &T, uint64_t Address) {
    return T.Address < Address;
  };
  const Transfer *First = llvm::lower_bound(All, Begin, IsBefore);
  const Transfer *Last = std::lower_bound(First, All.end(), End, IsBefore);
  return {First, Last};
}

} // namespace section_placement
