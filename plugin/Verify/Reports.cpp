//===- Reports.cpp - What the plugin planned ------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Grouping.h"
#include "section-placement/Model/CanonicalName.h"
#include "section-placement/Support/Error.h"
#include "section-placement/Verify/Expectation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

namespace {
struct ReportFile {
  std::string Path;
  json::Value Contents; ///< An object.
  StringRef output() const {
    return Contents.getAsObject()->getString("output").value_or("");
  }
};

class ReportReader {
public:
  ReportReader(const Policy &P, const LinkedImage &Image)
      : P(P), Image(Image) {}

  Error read(const ReportFile &File);
  Reports take() { return std::move(Result); }

private:
  Error readFunction(const json::Object &F, const ReportFile &File,
                     StringRef Module);

  const Policy &P;
  const LinkedImage &Image;
  Reports Result;
};
} // namespace

static Error damaged(const ReportFile &File, const Twine &Why) {
  return errorIn(File.Path, Why + ": is it a report of this version's plugin?");
}

Error ReportReader::readFunction(const json::Object &F, const ReportFile &File,
                                 StringRef Module) {
  auto Text = [&](StringRef Key) { return F.getString(Key).value_or(""); };
  StringRef Section = Text("section"), Symbol = Text("symbol");
  if (Section.empty())
    return Error::success(); // It stays where it is.
  auto R =
      find_if(P.Rules, [&](const Rule &R) { return R.Name == Text("rule"); });
  if (R == P.Rules.end())
    return errorIn(File.Path, "speaks of rule '" + Text("rule") + "', which " +
                                  P.File +
                                  " lacks: the link had another policy");
  if (Symbol.empty())
    return damaged(File, "a function has no symbol");
  ExpectedFunction &E = Result.Functions.emplace_back();
  E.Name = Symbol.str();
  E.Rule = R - P.Rules.begin();
  E.Section = Section.str();
  StringRef Canonical = F.getString("name").value_or(Symbol);
  E.Group = groupOf(*R, Section, Canonical);
  E.Module = Module.str();
  E.ImageSymbols = Image.symbolsNamed(Symbol).vec();
  return Error::success();
}

Error ReportReader::read(const ReportFile &File) {
  const json::Object &Report = *File.Contents.getAsObject();
  StringRef Module = Report.getString("module").value_or("");
  const json::Array *Functions = Report.getArray("functions");
  if (Module.empty() || !Functions)
    return damaged(File, "lacks 'module' or 'functions'");
  Result.Modules.push_back(Module.str());
  for (const json::Value &Function : *Functions) {
    const json::Object *F = Function.getAsObject();
    if (!F)
      return damaged(File, "'functions' holds what is no object");
    if (Error E = readFunction(*F, File, Module))
      return E;
  }
  return Error::success();
}

/// LLVM's JSON reader recurses; a report nests four deep.
static bool nestsTooDeep(StringRef Text) {
  unsigned Depth = 0;
  bool IsString = false;
  for (size_t I = 0; I < Text.size(); ++I) {
    char C = Text[I];
    if (IsString && C == '\\')
      ++I;
    else if (C == '"')
      IsString = !IsString;
    else if (!IsString && (C == '[' || C == '{') && ++Depth > 64)
      return true;
    else if (!IsString && (C == ']' || C == '}') && Depth)
      --Depth;
  }
  return false;
}

static Expected<ReportFile> open(const std::string &Path) {
  auto Buffer = MemoryBuffer::getFile(Path);
  if (!Buffer)
    return errorIn(Path, "cannot be read: " + Buffer.getError().message());
  ReportFile File{Path, nullptr};
  if (nestsTooDeep((*Buffer)->getBuffer()))
    return damaged(File, "nests too deep");
  Expected<json::Value> Parsed = json::parse((*Buffer)->getBuffer());
  if (!Parsed)
    return damaged(File, toString(Parsed.takeError()));
  File.Contents = std::move(*Parsed);
  const json::Object *Report = File.Contents.getAsObject();
  if (!Report ||
      Report->getString("format") != StringRef("section-placement-report"))
    return damaged(File, "is no report");
  if (Report->getInteger("version") != int64_t(1))
    return damaged(File, "is of another version");
  return File;
}

static Expected<std::vector<std::string>> reportPaths(StringRef Folder) {
  std::vector<std::string> Paths;
  std::error_code EC;
  for (sys::fs::directory_iterator I(Folder, EC), End; !EC && I != End;
       I.increment(EC))
    if (sys::path::extension(I->path()) == ".json")
      Paths.push_back(I->path());
  if (EC)
    return errorIn(Folder, "cannot be read: " + EC.message());
  if (Paths.empty())
    return errorIn(Folder,
                   "holds no report; link with SECTION_PLACEMENT_REPORT="
                   "FOLDER, and without a warm ThinLTO cache");
  llvm::sort(Paths);
  return Paths;
}

/// Leaves those of \p Files that are about one link.
static Error chooseLink(StringRef Folder, ArrayRef<std::string> Outputs,
                        std::vector<ReportFile> &Files) {
  auto IsWanted = [&](const ReportFile &File) {
    return any_of(Outputs, [&](StringRef Output) {
      return sys::path::filename(File.output()) == sys::path::filename(Output);
    });
  };
  if (any_of(Files, IsWanted)) {
    erase_if(Files, [&](const ReportFile &F) { return !IsWanted(F); });
    return Error::success();
  }
  for (const ReportFile &File : Files)
    if (File.output() != Files[0].output())
      return errorIn(Folder,
                     "holds reports on '" + Files[0].output() + "' and '" +
                         File.output() +
                         "', and none on this image; give a folder that "
                         "one link reported to");
  return Error::success();
}

Expected<Reports> readReports(StringRef Folder, ArrayRef<std::string> Outputs,
                              const Policy &P, const LinkedImage &Image) {
  Expected<std::vector<std::string>> Paths = reportPaths(Folder);
  if (!Paths)
    return Paths.takeError();
  std::vector<ReportFile> Files;
  for (const std::string &Path : *Paths) {
    Expected<ReportFile> File = open(Path);
    if (!File)
      return File.takeError();
    Files.push_back(std::move(*File));
  }
  if (Error E = chooseLink(Folder, Outputs, Files))
    return E;
  ReportReader Reader(P, Image);
  for (const ReportFile &File : Files)
    if (Error E = Reader.read(File))
      return E;
  return Reader.take();
}

/// `lib.a(a.o at 1234)`, as lld calls a member, without the offset.
static std::string withoutOffset(StringRef Module) {
  size_t At = Module.rfind(" at ");
  if (At == StringRef::npos || Module.back() != ')')
    return Module.str();
  return (Module.take_front(At) + ")").str();
}

std::vector<std::string> notSeen(ArrayRef<std::string> Bitcode,
                                 const Reports &R) {
  std::vector<std::string> Missing;
  // A full-LTO link has one module, which is all of them.
  if (any_of(R.Modules,
             [](StringRef M) { return sys::path::filename(M) == "ld-temp.o"; }))
    return Missing;
  std::vector<std::string> Seen;
  for (const std::string &Module : R.Modules)
    Seen.push_back(withoutOffset(Module));
  for (const std::string &File : Bitcode)
    if (none_of(Seen, [&](StringRef Module) {
          return Module == File ||
                 (Module.size() > File.size() &&
                  Module.take_back(File.size() + 1) == "/" + File) ||
                 (File.size() > Module.size() &&
                  StringRef(File).take_back(Module.size() + 1) ==
                      ("/" + Module).str());
        }))
      Missing.push_back(File);
  return Missing;
}

} // namespace section_placement
