//===- OutputFile.cpp - The one way to write a file -----------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Support/OutputFile.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Support/InputFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Errc.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <filesystem>

using namespace llvm;

namespace section_placement {

using Writer = function_ref<void(raw_ostream &)>;

static Error cannotBeWritten(StringRef File, std::error_code EC) {
  return errorIn(File, "cannot be written: " + EC.message());
}

/// Gives what was wrong with \p OS, which then is not told again.
static std::error_code takeError(raw_fd_ostream &OS) {
  OS.flush();
  std::error_code EC = OS.error();
  OS.clear_error();
  return EC;
}

Error flushStandardOutput() {
  if (std::error_code EC = takeError(outs()))
    return cannotBeWritten("standard output", EC);
  return Error::success();
}

static Error writeInPlace(StringRef File, Writer Write) {
  int FD;
  if (std::error_code EC = sys::fs::openFileForWrite(
          File, FD, sys::fs::CD_OpenExisting, sys::fs::OF_None))
    return cannotBeWritten(File, EC);
  raw_fd_ostream OS(FD, /*shouldClose=*/true);
  Write(OS);
  std::error_code EC = takeError(OS);
  OS.close();
  if (!EC)
    EC = OS.error();
  OS.clear_error();
  return EC ? cannotBeWritten(File, EC) : Error::success();
}

/// What the link \p File names in the end, there or not.
static std::string behindLinks(StringRef File) {
  std::filesystem::path Path(File.str());
  std::error_code EC;
  for (int Steps = 0; Steps < 40; ++Steps) {
    std::filesystem::path Next = std::filesystem::read_symlink(Path, EC);
    if (EC) // No link.
      break;
    Path = Path.parent_path() / Next; // Next alone where it is absolute.
  }
  return Path.string();
}

/// Writes a file beside \p Target, which \p Old describes, and renames it. \p
/// File is how the user calls it.
static Error replace(StringRef File, StringRef Target,
                     const sys::fs::file_status &Old, Writer Write) {
  bool Exists = sys::fs::exists(Old);
  // A rename would not ask.
  if (Exists)
    if (std::error_code EC =
            sys::fs::access(Target, sys::fs::AccessMode::Write))
      return cannotBeWritten(File, EC);
  // Not made of the target's name, which may be as long as a name can be.
  SmallString<256> Model(sys::path::parent_path(Target));
  sys::path::append(Model, ".section-placement-%%%%%%%%.tmp");
  Expected<sys::fs::TempFile> Temporary = sys::fs::TempFile::create(Model);
  if (!Temporary)
    return cannotBeWritten(File, errorToErrorCode(Temporary.takeError()));
  std::error_code EC;
  {
    raw_fd_ostream OS(Temporary->FD, /*shouldClose=*/false);
    Write(OS);
    EC = takeError(OS);
  }
  if (!EC && Exists) {
    // Only root may give files away; for others it is theirs in any case. In
    // this order, since a change of owner clears bits of the mode.
    (void)sys::fs::changeFileOwnership(Temporary->FD, Old.getUser(),
                                       Old.getGroup());
    EC = sys::fs::setPermissions(Temporary->FD, Old.permissions());
  }
  if (EC) {
    consumeError(Temporary->discard());
    return cannotBeWritten(File, EC);
  }
  if (Error E = Temporary->keep(Target))
    return cannotBeWritten(File, errorToErrorCode(std::move(E)));
  return Error::success();
}

static bool isStandardOutput(const sys::fs::file_status &Status) {
  sys::fs::file_status Standard;
  return !sys::fs::status(1, Standard) &&
         Standard.getUniqueID() == Status.getUniqueID() &&
         Status.type() != sys::fs::file_type::character_file;
}

Error writeOutputFile(StringRef File, Writer Write) {
  if (File == "-") {
    Write(outs());
    return flushStandardOutput();
  }
  sys::fs::file_status Status;
  std::error_code EC = sys::fs::status(File, Status);
  if (EC && EC != errc::no_such_file_or_directory)
    return cannotBeWritten(File, EC);
  if (!EC) {
    if (sys::fs::is_directory(Status))
      return errorIn(File, "is a folder; name a file");
    if (wasRead(Status))
      return errorIn(File, "was read by this command, which does not write "
                           "over what it reads; name another file");
    if (isStandardOutput(Status)) {
      Write(outs());
      return flushStandardOutput();
    }
    if (!sys::fs::is_regular_file(Status))
      return writeInPlace(File, Write);
  }
  return replace(File, behindLinks(File), Status, Write);
}

Error writeOutputFile(StringRef File, StringRef Text) {
  return writeOutputFile(File, [&](raw_ostream &OS) { OS << Text; });
}

} // namespace section_placement
