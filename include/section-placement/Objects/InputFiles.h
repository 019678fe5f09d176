//===- InputFiles.h - Files of a link and members of archives ---*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one reader of archives, and the one spelling of their members. A thin
// archive holds paths, of which ld.lld prints the one inside the archive
// (`arch/arm64/built-in.a(kvm/hyp/entry.o)`), other linkers the file's name,
// and of which both may be written in a policy or read in a log.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_OBJECTS_INPUTFILES_H
#define SECTION_PLACEMENT_OBJECTS_INPUTFILES_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>
#include <string>
#include <vector>

namespace llvm {
namespace object {
class Archive;
} // namespace object
} // namespace llvm

namespace section_placement {

/// `a.o`, or `lib.a(member.o)`.
struct InputName {
  std::string File; ///< The archive, of a member.
  std::string
      Member; ///< As the archive has it: a path, of a thin one. Else "".

  /// Splits \p Text at the parenthesis that its last one closes. What is no
  /// `file(member)` is a file.
  static InputName parse(llvm::StringRef Text);

  std::string str() const;

  /// Returns true if both name the same input: files of the same path, and
  /// members of the same path or, where one of them is a name without folders,
  /// of the same name.
  bool matches(const InputName &Other) const;

  /// The same text for all names of one member, with or without its folders.
  std::string key() const;

  bool operator==(const InputName &Other) const {
    return File == Other.File && Member == Other.Member;
  }
};

enum class InputKind : uint8_t {
  Native, ///< A relocatable ELF object.
  Fat,    ///< The same with bitcode in it, for --fat-lto-objects.
  Bitcode,
  SlimGCC, ///< An ELF object of GCC's LTO, without native code.
  Linked,  ///< An ELF executable, shared object or core.
  Archive, ///< One inside another: no linker opens it.
  Other,   ///< Empty, rustc's metadata, a linker script, another format.
};

/// An input file, or a member of an archive among them.
struct InputFile {
  InputName Name;
  /// Of a thin archive's member: its own path, as it can be opened. Else that
  /// of the file or archive.
  std::string Path;
  InputKind Kind;
  bool IsThin = false; ///< A member of a thin archive.
  uint64_t Offset = 0; ///< Of a member: of its header in the archive.
  llvm::MemoryBufferRef Bytes;

  bool isMember() const { return !Name.Member.empty(); }
  bool isElf() const {
    return Kind == InputKind::Native || Kind == InputKind::Fat ||
           Kind == InputKind::Linked;
  }
  /// Each spelling by which a linker may name it: `lib.a(dir/a.o)`,
  /// `lib.a(a.o)` and, of a member of a thin archive, the path of its file.
  std::vector<std::string> spellings() const;
};

/// Opens files, and keeps them open.
class InputWalker {
public:
  InputWalker();
  InputWalker(InputWalker &&);
  InputWalker &operator=(InputWalker &&);
  ~InputWalker();

  /// Calls \p Visit with the file \p Path or, where it is an archive, with each
  /// member in order. Names are relative to the current folder where they lie
  /// below it. Fails with the first error of \p Visit, and where a file is not
  /// a regular one or cannot be read, or an archive is damaged: with the cause
  /// alone, whose place is at(). \p OnName, where there is one, hears of each
  /// before it is opened.
  llvm::Error
  visit(llvm::StringRef Path,
        llvm::function_ref<llvm::Error(const InputFile &)> Visit,
        llvm::function_ref<void(llvm::StringRef Name)> OnName = nullptr);

  /// The file or member that the last error of visit() is about.
  const std::string &at() const { return At; }

  /// Visits all of \p Paths, and puts their names before errors.
  llvm::Error
  visitAll(llvm::ArrayRef<std::string> Paths,
           llvm::function_ref<llvm::Error(const InputFile &)> Visit,
           llvm::function_ref<void(llvm::StringRef Name)> OnName = nullptr);

  /// The contents of the regular file \p Path.
  llvm::Expected<llvm::MemoryBufferRef> open(llvm::StringRef Path);

private:
  llvm::StringMap<std::unique_ptr<llvm::MemoryBuffer>> Files; ///< By path.
  std::vector<std::unique_ptr<llvm::object::Archive>> Archives;
  std::string At;
};

/// What there is to say of an InputKind::SlimGCC, behind its name.
std::string explainSlimGCC();

/// What \p Bytes are.
InputKind inputKindOf(llvm::MemoryBufferRef Bytes);

} // namespace section_placement

#endif // SECTION_PLACEMENT_OBJECTS_INPUTFILES_H
