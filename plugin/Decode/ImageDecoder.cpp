//===- ImageDecoder.cpp - Where the code of an image goes -----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Decode/ImageDecoder.h"
#include "RegisterValues.h"
#include "section-placement/Model/Program.h"
#include "section-placement/Objects/RelocationForm.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/LLVMCompat.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELFObjectFile.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

struct ImageDecoder::Kind {
  std::unique_ptr<InstructionDecoder> Decoder;
  std::unique_ptr<AddressSteps> Steps;
};

ImageDecoder::ImageDecoder(const ElfFile &Image) : Image(Image) {}
ImageDecoder::~ImageDecoder() = default;

/// What the code of \p File may use: what it says, and what it leaves out.
static Expected<std::string> featuresOf(const object::ELFObjectFileBase &File,
                                        uint16_t Machine) {
  if (Machine == ELF::EM_AARCH64)
    return std::string("+all");
  Expected<std::string> Said = compat::featuresOf(File);
  if (!Said)
    return Said;
  // Arm's attributes do not say FPv5.
  if (Machine == ELF::EM_ARM)
    return *Said + (Said->empty() ? "" : ",") + "+vfp4,+fp-armv8d16";
  return Said;
}

/// Returns true for processors that run Thumb code only.
static bool isMicrocontroller(const Triple &T) {
  switch (T.getSubArch()) {
  case Triple::ARMSubArch_v6m:
  case Triple::ARMSubArch_v7m:
  case Triple::ARMSubArch_v7em:
  case Triple::ARMSubArch_v8m_baseline:
  case Triple::ARMSubArch_v8m_mainline:
  case Triple::ARMSubArch_v8_1m_mainline:
    return true;
  default:
    return false;
  }
}

Expected<std::unique_ptr<ImageDecoder>>
ImageDecoder::create(const ElfFile &Image) {
  auto NotKnown = [&](const Twine &Why) {
    return plainError("its instructions cannot be decoded: " + Why);
  };
  auto Opened = object::ObjectFile::createELFObjectFile(
      MemoryBufferRef(Image.bytes(), ""), /*InitContent=*/true);
  if (!Opened)
    return Opened.takeError();
  const auto &File = *cast<object::ELFObjectFileBase>(Opened->get());
  Triple T = File.makeTriple();
  Expected<std::string> Features = featuresOf(File, Image.machine());
  if (!Features)
    return NotKnown(toString(Features.takeError()));
  std::unique_ptr<ImageDecoder> D(new ImageDecoder(Image));
  for (uint32_t S = 0; S < Image.sections().size(); ++S) {
    D->Contents.emplace_back();
    if (!Image.sections()[S].isLoaded())
      continue;
    Expected<ArrayRef<uint8_t>> Bytes = Image.contents(S);
    if (!Bytes)
      return Bytes.takeError();
    D->Contents.back() = *Bytes;
  }
  // In AArch64 and in Arm's BE8.
  bool HasLittleEndianCode =
      Image.machine() == ELF::EM_AARCH64 ||
      (Image.machine() == ELF::EM_ARM &&
       File.getPlatformFlags() &
           0x00800000u /*EF_ARM_BE8; a constant of ELF.h from 16 on*/);
  auto Make = [&](const Triple &T, const std::string &Features) {
    auto K = std::make_unique<Kind>();
    // Instructions are little-endian in Arm's BE8 and in all of AArch64.
    bool IsBig = Image.isBigEndian() && !HasLittleEndianCode;
    K->Decoder = InstructionDecoder::create(T, Features, IsBig);
    if (!K->Decoder)
      return std::unique_ptr<Kind>();
    K->Steps = std::make_unique<AddressSteps>(*K->Decoder);
    return K;
  };
  if (Image.machine() == ELF::EM_ARM) {
    File.setARMSubArch(T);
    // The object's triple is a Thumb one where it can run nothing else.
    StringRef Arch = T.getArchName();
    std::string Version =
        Arch.substr(Arch.find('v') == StringRef::npos ? Arch.size()
                                                      : Arch.find('v'))
            .str();
    if (Version.empty()) // No attributes: the newest can decode the most.
      Version = "v8a";
    bool IsBig = Image.isBigEndian() && !HasLittleEndianCode;
    Triple Thumb = T, Arm = T;
    Thumb.setArchName(std::string(IsBig ? "thumbeb" : "thumb") + Version);
    Arm.setArchName(std::string(IsBig ? "armeb" : "arm") + Version);
    D->IsThumbOnly = isMicrocontroller(T);
    D->Main = Make(Arm, *Features);
    D->Compressed = Make(Thumb, *Features + ",+thumb-mode");
  } else {
    D->Main = Make(T, *Features);
  }
  if (!D->Main)
    return NotKnown("LLVM " + compat::llvmVersion() +
                    " has no tested disassembler for " + T.getArchName());
  return D;
}

/// What r2 of PowerPC64 holds, where the image says so.
std::optional<uint64_t> ImageDecoder::tocBase() const {
  ArrayRef<uint32_t> Named = Image.symbolsNamed(".TOC.");
  if (Image.machine() != ELF::EM_PPC64 || Named.empty())
    return std::nullopt;
  return Image.symbols()[Named[0]].Address;
}

/// Of a mapping symbol: `$d` is data, `$t` Thumb.
static char letterOf(const ElfSymbol &Mark) {
  return Mark.Name.size() > 1 ? Mark.Name[1] : 0;
}

ArrayRef<uint8_t> ImageDecoder::bytesAt(uint32_t Section,
                                        uint64_t Address) const {
  ArrayRef<uint8_t> Bytes = Contents[Section];
  uint64_t Offset = Address - Image.sections()[Section].Address;
  return Offset < Bytes.size() ? Bytes.drop_front(Offset) : ArrayRef<uint8_t>();
}

std::pair<const ImageDecoder::Kind *, uint64_t>
ImageDecoder::kindAt(uint32_t Section, uint64_t Address) const {
  const ElfSection &S = Image.sections()[Section];
  ArrayRef<ElfSymbol> Marks = Image.mappingSymbols();
  auto Next = llvm::partition_point(Marks, [&](const ElfSymbol &M) {
    return std::tie(M.Section, M.Address) <= std::tie(Section, Address);
  });
  uint64_t End = Next != Marks.end() && Next->Section == Section
                     ? Next->Address
                     : S.Address + S.Size;
  char Letter = 0;
  if (Next != Marks.begin() && std::prev(Next)->Section == Section)
    Letter = letterOf(*std::prev(Next));
  if (Letter == 'd')
    return {nullptr, End};
  // Without a mark, the code of a section is of the kind of its first one.
  if (!Letter && Compressed)
    Letter = Next != Marks.end() && Next->Section == Section ? letterOf(*Next)
             : IsThumbOnly                                   ? 't'
                                                             : 'a';
  return {Letter == 't' && Compressed ? Compressed.get() : Main.get(), End};
}

DecodedInstruction ImageDecoder::at(uint32_t Section, uint64_t Address) const {
  auto [K, End] = kindAt(Section, Address);
  if (!K)
    return {};
  ArrayRef<uint8_t> Bytes = bytesAt(Section, Address);
  return K->Decoder->decode(
      Bytes.take_front(std::min<uint64_t>(Bytes.size(), End - Address)),
      Address);
}

StringRef ImageDecoder::nameAt(uint32_t Section, uint64_t Address) const {
  auto [K, End] = kindAt(Section, Address);
  DecodedInstruction I = at(Section, Address);
  return K && I.IsKnown ? K->Decoder->nameOf(I) : "";
}

/// Relocations of what is no instruction, or of a field that counts from its
/// own place: 16 bits there.
static bool isPlainField(const RelocationReach &R) {
  return R.Name == "R_AARCH64_PREL16" || R.Name == "R_390_PC16" ||
         R.Name == "R_PPC64_REL16" || R.Name == "R_386_PC16" ||
         R.Name == "R_X86_64_PC16";
}

std::optional<uint64_t> ImageDecoder::targetOf(const RelocationReach &R,
                                               uint32_t Section,
                                               uint64_t Place) const {
  ArrayRef<uint8_t> Bytes = bytesAt(Section, Place);
  uint64_t Counted = countedPlace(R, Place) - counterBias(R);
  if (isPlainField(R)) {
    if (Bytes.size() < 2)
      return std::nullopt;
    bool IsBig = Image.isBigEndian();
    return Counted + SignExtend64<16>(uint64_t(Bytes[IsBig ? 0 : 1]) << 8 |
                                      Bytes[IsBig ? 1 : 0]);
  }
  // LLVM decodes these in a mode of their own; their fields are known.
  if (R.Name.take_front(11) == "R_MICROMIPS" ||
      R.Name.take_front(8) == "R_MIPS16") {
    std::optional<int64_t> X =
        implicitAddend(R.Machine, R.Type, Bytes, Image.isBigEndian());
    return X ? std::optional<uint64_t>(Counted + *X) : std::nullopt;
  }
  uint64_t Before = R.Machine == ELF::EM_386 || R.Machine == ELF::EM_X86_64
                        ? 1 // The opcode of every branch with 8 bits.
                        : placeInInstruction(R, 0);
  DecodedInstruction I = at(Section, Place - Before);
  if (R.Name == "R_AARCH64_MOVW_PREL_G0" && I.IsKnown) {
    // movz or movn with the distance itself.
    StringRef Name = nameAt(Section, Place);
    bool IsMove = Name.take_front(4) == "MOVZ" || Name.take_front(4) == "MOVN";
    if (!IsMove || !I.Inst.getOperand(1).isImm())
      return std::nullopt;
    int64_t X = I.Inst.getOperand(1).getImm();
    return Place + (Name[3] == 'Z' ? X : ~X);
  }
  return R.IsCall ? I.Target : I.Operand;
}

std::optional<uint64_t> ImageDecoder::load(uint64_t Address, unsigned Size,
                                           bool IsLiteral) const {
  uint32_t Section = Image.sectionAt(Address);
  // What may be written has another value when the program runs.
  if (Section == NoIndex ||
      (Image.sections()[Section].Flags & ELF::SHF_WRITE && !IsLiteral))
    return std::nullopt;
  ArrayRef<uint8_t> Bytes = bytesAt(Section, Address);
  if (Bytes.size() < Size)
    return std::nullopt;
  uint64_t Value = 0;
  for (unsigned I = 0; I < Size; ++I)
    Value |= uint64_t(Bytes[I]) << 8 * (Image.isBigEndian() ? Size - 1 - I : I);
  return Value;
}

void ImageDecoder::forEach(
    uint32_t Section, uint64_t Begin, uint64_t End,
    function_ref<void(const CodeReference &)> Visit,
    function_ref<void(uint64_t, unsigned)> NotDecoded) const {
  forEachInstruction(
      Section, Begin, End,
      [&](const CodeReference &R) {
        if (R.transfersControl() || R.Target)
          Visit(R);
        return true;
      },
      NotDecoded);
}

/// What \p I reads, whose address or target is \p Known.
static MemoryRead readOf(const InstructionDecoder &Decoder,
                         const DecodedInstruction &I, bool Known) {
  if (!Decoder.mayLoad(I))
    return MemoryRead::None;
  if (Known)
    return MemoryRead::Known;
  return Decoder.usesStack(I) ? MemoryRead::Stack : MemoryRead::NotKnown;
}

void ImageDecoder::forEachInstruction(
    uint32_t Section, uint64_t Begin, uint64_t End,
    function_ref<bool(const CodeReference &)> Visit,
    function_ref<void(uint64_t, unsigned)> NotDecoded) const {
  auto Read = [&](uint64_t At, unsigned Size, bool IsLiteral) {
    return load(At, Size, IsLiteral);
  };
  for (uint64_t Address = Begin; Address < End;) {
    auto [K, Stop] = kindAt(Section, Address);
    Stop = std::min(Stop, End);
    if (!K) {
      Address = Stop;
      continue;
    }
    RegisterValues Values(*K->Decoder, *K->Steps, Image.is64Bit());
    ArrayRef<uint8_t> Bytes = bytesAt(Section, Address);
    if (Bytes.empty())
      break;
    while (Address < Stop && !Bytes.empty()) {
      DecodedInstruction I = K->Decoder->decode(Bytes, Address);
      if (!I.IsKnown) {
        // Zeros are padding, for no machine a branch.
        if (NotDecoded && any_of(Bytes.take_front(I.Size),
                                 [](uint8_t Byte) { return Byte != 0; }))
          NotDecoded(Address, I.Size);
        Values.clear();
      } else {
        RegisterValues::Outcome O = Values.step(I, Address, Read);
        CodeReference R{Address, I.Size, I.Flow, std::nullopt, true, nullptr};
        if (I.transfersControl()) {
          R.Target = I.Target ? I.Target : O.Target;
          R.IsDirect = I.Target.has_value();
          R.Form = K->Decoder->shortForm(I, Bytes);
        } else {
          R.Target = O.Operand ? O.Operand : I.Operand;
          R.IsDirect = !O.Operand;
        }
        R.Read = readOf(*K->Decoder, I, R.Target || O.Slot || I.Operand);
        R.IsPage = Image.machine() == ELF::EM_AARCH64 && R.IsDirect &&
                   R.Target && K->Decoder->nameOf(I) == "ADRP";
        R.IsTrap = K->Decoder->isTrap(I);
        if (!Visit(R))
          return;
      }
      Address += I.Size;
      Bytes = Bytes.drop_front(I.Size);
    }
  }
}

Trail ImageDecoder::follow(uint64_t Address) const {
  Trail Result;
  // The longest known, of a PLT with a landing pad, has 8.
  static constexpr unsigned MaxInstructions = 10;
  if (Compressed)
    Address &= ~uint64_t(1);
  uint32_t Section = Image.sectionAt(Address);
  if (Section == NoIndex)
    return Result;
  auto [K, Stop] = kindAt(Section, Address);
  if (!K)
    return Result;
  RegisterValues Values(*K->Decoder, *K->Steps, Image.is64Bit());
  if (std::optional<uint64_t> Base = tocBase())
    Values.start(2, *Base);
  auto Read = [&](uint64_t At, unsigned Size, bool IsLiteral) {
    return load(At, Size, IsLiteral);
  };
  ArrayRef<uint8_t> Bytes = bytesAt(Section, Address);
  for (unsigned N = 0; N < MaxInstructions && !Bytes.empty(); ++N) {
    DecodedInstruction I = K->Decoder->decode(Bytes, Address);
    if (!I.IsKnown || I.Flow == ControlFlow::Call ||
        I.Flow == ControlFlow::Branch || I.Flow == ControlFlow::Return) {
      // RISC-V's and Arm's jumps through registers look like returns.
      if (I.IsKnown && !I.Target) {
        RegisterValues::Outcome O = Values.step(I, Address, Read);
        Result = {O.Target, O.Slot};
      }
      return Result;
    }
    RegisterValues::Outcome O = Values.step(I, Address, Read);
    if (I.Target || O.Target || O.Slot) {
      Result.End = I.Target ? I.Target : O.Target;
      Result.Slot = O.Slot;
      return Result;
    }
    if (I.Flow == ControlFlow::Jump)
      return Result;
    Address += I.Size;
    Bytes = Bytes.drop_front(I.Size);
  }
  return Result;
}

} // namespace section_placement
