//===- ObjectScan.h - The objects that a policy is suggested for -*- C++
//-*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A log names what the linker saw, and after a partial link that is one object
// for all. The objects of the link say which of them a branch came from, and
// what its target is: code that can be moved, native code, or data.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUGGEST_OBJECTSCAN_H
#define SECTION_PLACEMENT_SUGGEST_OBJECTSCAN_H

#include "section-placement/Objects/InputFiles.h"
#include "section-placement/Objects/NativeObject.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include <string>
#include <vector>

namespace llvm {
class Module;
} // namespace llvm

namespace section_placement {

/// What a symbol is to those that place it, as a set.
enum Definition : unsigned {
  DefinedNowhere = 0,
  DefinedAsNativeCode = 1,
  DefinedAsBitcodeFunction = 2,
  DefinedAsData = 4,    ///< Native or bitcode: no policy moves it.
  DefinedForOthers = 8, ///< Bitcode of default visibility.
  DefinedWeakly = 16,   ///< Bitcode.
};

/// Objects, archives (thin ones too) and bitcode, read for short references.
class ObjectScan {
public:
  /// Reads all of \p Files. Fails with the first that cannot be read, is
  /// damaged, or is neither bitcode nor a relocatable ELF object nor an
  /// archive; members of an archive that are neither are passed over. \p
  /// OnFile, where there is one, hears of each file and member before it is
  /// read.
  llvm::Error
  read(llvm::ArrayRef<std::string> Files,
       llvm::function_ref<void(llvm::StringRef Name)> OnFile = nullptr);

  /// Symbols and references of the native objects.
  const NativeFacts &natives() const { return Facts; }
  unsigned nativeCount() const { return Natives.size(); }
  unsigned bitcodeCount() const { return Bitcodes.size(); }

  /// The files of GCC's LTO, of which nothing can be scanned.
  llvm::ArrayRef<std::string> slimGCC() const { return OfGCC; }

  /// What the file is called here that a linker calls \p Name: a member of a
  /// thin archive by its own path. \p Name where it is no other.
  llvm::StringRef nameOf(llvm::StringRef Name) const;

  enum class Writer { Unknown, Compiler, PartialLink };

  /// Who wrote the native object \p Name, by its comments and by its file
  /// symbols, of which a compiler writes one. Unknown is, too, what an
  /// assembler wrote, and an object that was not read.
  Writer writerOf(llvm::StringRef Name) const;

  /// Calls \p Visit with each module of the bitcode files, in order, its file's
  /// name and its number; one module at a time is in memory. \p IsWanted, where
  /// there is one, says which numbers are. Stops at the first error, and fails
  /// where a file is damaged.
  llvm::Error forEachModule(
      llvm::function_ref<llvm::Error(llvm::Module &, llvm::StringRef, size_t)>
          Visit,
      llvm::function_ref<bool(size_t)> IsWanted = nullptr) const;

  /// Calls \p Visit with each section of code of the native objects, in the
  /// order that they were read in. Members of archives are among them, which a
  /// link may leave out.
  void forEachCodeSection(
      llvm::function_ref<void(llvm::StringRef Object, const ElfSection &S)>
          Visit) const;

  /// Finds what each key of \p Wanted is defined as; the values are sets of
  /// Definition. Of native objects the exported symbols count, of bitcode also
  /// local functions, whose code may be named in a log. What the objects that
  /// \p Ignored names define does not count. Fails where a file is damaged.
  llvm::Error findDefinitions(llvm::StringMap<unsigned> &Wanted,
                              const llvm::StringSet<> &Ignored) const;

private:
  struct File {
    std::string Name;
    llvm::MemoryBufferRef Bytes;
  };
  llvm::Error add(const InputFile &Input);

  InputWalker Files;
  std::vector<File> Natives, Bitcodes;
  std::vector<std::string> OfGCC;
  llvm::StringSet<> Known; ///< The names of Natives.
  /// The names of members of thin archives, by each other spelling.
  llvm::StringMap<std::string> ThinMembers;
  NativeFacts Facts;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUGGEST_OBJECTSCAN_H
