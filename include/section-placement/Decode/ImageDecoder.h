//===- ImageDecoder.h - Where the code of an image goes ---------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Only the linked instruction says where a branch goes: the linker may have
// sent it to a PLT entry, a thunk or a wrapped symbol, or made another
// instruction of it. Objects and relocations do not show that.
//
// Code is decoded where it is asked for, or from start to end of a range; the
// image as a whole is never kept decoded. 30 MB of code take about 2 s.
//
// Two instructions that form an address together (adrp and add, auipc and jalr,
// movw and movt, lui and addiu) are followed through the registers between
// them, in straight-line code only.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_DECODE_IMAGEDECODER_H
#define SECTION_PLACEMENT_DECODE_IMAGEDECODER_H

#include "section-placement/Decode/InstructionDecoder.h"
#include "section-placement/Objects/ElfFile.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace section_placement {

/// What memory an instruction reads.
enum class MemoryRead : uint8_t {
  None,
  Known,    ///< At CodeReference::Target, or at an address that is encoded.
  Stack,    ///< Through the stack pointer.
  NotKnown, ///< Through another register.
};

/// An instruction that transfers control or forms an address, in an image.
struct CodeReference {
  uint64_t Address; ///< Of the instruction.
  unsigned Size;    ///< Bytes.
  ControlFlow Flow; ///< None where it forms an address or loads.
  /// Where control goes, or the address that is formed or loaded from; nothing
  /// where that is not known before the program runs.
  std::optional<uint64_t> Target;
  /// False where registers set by other instructions were needed.
  bool IsDirect;
  /// Of a short form of branch, the relocation that it would have; else null.
  const RelocationReach *Form;
  MemoryRead Read = MemoryRead::None;
  /// Target is the start of a page, to which another instruction adds.
  bool IsPage = false;
  bool IsTrap = false; ///< It stops the program.

  bool transfersControl() const { return Flow != ControlFlow::None; }
};

/// What stands behind an address that control was sent to.
struct Trail {
  /// The address that code of a few instructions there goes on to; nothing
  /// where it does more than that.
  std::optional<uint64_t> End;
  /// The table entry (of a GOT) that its jump goes through, where that is how
  /// it goes on.
  std::optional<uint64_t> Slot;
};

class ImageDecoder {
public:
  /// \p Image must outlive the result. Fails, in words for a user, where this
  /// LLVM cannot decode its machine.
  static llvm::Expected<std::unique_ptr<ImageDecoder>>
  create(const ElfFile &Image);
  ~ImageDecoder();

  /// The instruction at \p Address of \p Section; not known where none is there
  /// (data, by a mapping symbol, as well).
  DecodedInstruction at(uint32_t Section, uint64_t Address) const;

  /// The address that the instruction or word refers to which has, or had, a
  /// relocation of type \p R at \p Place; nothing where another one is there,
  /// or where it cannot be decoded.
  std::optional<uint64_t> targetOf(const RelocationReach &R, uint32_t Section,
                                   uint64_t Place) const;

  /// Calls \p Visit with each instruction from \p Begin to \p End of
  /// \p Section, as long as it returns true, and \p NotDecoded as below.
  void forEachInstruction(
      uint32_t Section, uint64_t Begin, uint64_t End,
      llvm::function_ref<bool(const CodeReference &)> Visit,
      llvm::function_ref<void(uint64_t Address, unsigned Size)> NotDecoded =
          nullptr) const;

  /// Calls \p Visit with each instruction from \p Begin to \p End of \p Section
  /// that transfers control or forms an address, and \p NotDecoded, where there
  /// is one, with the address and number of bytes that are no instruction, not
  /// marked as data, and not all zero.
  void forEach(uint32_t Section, uint64_t Begin, uint64_t End,
               llvm::function_ref<void(const CodeReference &)> Visit,
               llvm::function_ref<void(uint64_t Address, unsigned Size)>
                   NotDecoded = nullptr) const;

  /// Follows the code at \p Address to where it goes, if all that it does is to
  /// go there: a thunk, a veneer, a PLT entry.
  Trail follow(uint64_t Address) const;

  /// The name that LLVM has for the instruction there; empty for none.
  llvm::StringRef nameAt(uint32_t Section, uint64_t Address) const;

private:
  struct Kind;
  explicit ImageDecoder(const ElfFile &Image);
  /// What the code at \p Address is of, and where that kind of code ends; null
  /// for data.
  std::pair<const Kind *, uint64_t> kindAt(uint32_t Section,
                                           uint64_t Address) const;
  llvm::ArrayRef<uint8_t> bytesAt(uint32_t Section, uint64_t Address) const;
  std::optional<uint64_t> tocBase() const;
  std::optional<uint64_t> load(uint64_t Address, unsigned Size,
                               bool IsLiteral) const;

  const ElfFile &Image;
  std::vector<llvm::ArrayRef<uint8_t>> Contents; ///< By section.
  std::unique_ptr<Kind> Main, Compressed;        ///< The second: Thumb.
  bool IsThumbOnly = false;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_DECODE_IMAGEDECODER_H
