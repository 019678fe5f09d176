//===- ArchiveMember.cpp - An archive's members, in bounds ----------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Objects/ArchiveMember.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"

using namespace llvm;
using namespace llvm::object;

namespace section_placement {

/// `ar_hdr` of <ar.h>, the same in every archive of ELF objects.
static constexpr uint64_t HeaderSize = 60;

/// LLVM opens the file that a member of a thin archive names, whatever it is: a
/// fifo would be waited for, a device read without end.
static Error checkThinMember(const Archive::Child &Member) {
  Expected<std::string> Path = Member.getFullName();
  if (!Path)
    return Path.takeError();
  Expected<std::unique_ptr<MemoryBuffer>> Buffer = readInputFile(*Path);
  if (Buffer)
    return Error::success();
  return plainError("member " + *Path + " " +
                    whyUnreadable(withoutPlace(Buffer.takeError())));
}

Error checkMember(const Archive &A, const Archive::Child &Member) {
  Expected<StringRef> Name = Member.getRawName();
  if (!Name)
    return Name.takeError();
  Expected<uint64_t> Size = Member.getRawSize();
  if (!Size)
    return Size.takeError();
  // A BSD name, `#1/20`, is the first bytes of the contents.
  uint64_t NameSize = 0;
  if (Name->consume_front("#1/") && Name->rtrim().getAsInteger(10, NameSize))
    return damage("the name of a member");
  if (A.isThin() && !NameSize)
    return checkThinMember(Member);
  uint64_t Begin = Member.getChildOffset() + HeaderSize;
  uint64_t End = A.getMemoryBufferRef().getBufferSize();
  if (NameSize > *Size || Begin > End || *Size > End - Begin)
    return damage("the archive is cut short: the member at byte " +
                  Twine(Member.getChildOffset()) +
                  " goes past the end of the file");
  return Error::success();
}

} // namespace section_placement
