//===- PrintDiff.cpp - What changed, for people and for programs ----------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "section-placement/Diff/ImageDiff.h"
#include "section-placement/Support/Json.h"
#include "section-placement/Support/Quoting.h"
#include "section-placement/Support/TextWriter.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace section_placement {

namespace {
class DiffPrinter {
public:
  DiffPrinter(raw_ostream &OS, const ImageDiff &D, bool ListsAll,
              NameStyle Names)
      : OS(OS), Text(OS, /*IsColoured=*/false), D(D), ListsAll(ListsAll),
        Names(Names) {}

  void print();

private:
  static constexpr size_t MaxLines = 10;

  void summary();
  void sizes(StringRef Title, StringRef Nameless, ArrayRef<SizeChange> Sizes);
  void functions(StringRef Title, ArrayRef<FunctionChange> List,
                 int64_t FunctionChange::*Amount);
  void function(const FunctionChange &C, int64_t Amount);
  void notKnownWhich();
  void more(size_t Count);
  void notKnown(const DiffSide &Side);

  raw_ostream &OS;
  TextWriter Text;
  const ImageDiff &D;
  bool ListsAll;
  NameStyle Names;
};
} // namespace

void DiffPrinter::summary() {
  uint64_t Old = D.Old.bytes(), New = D.New.bytes();
  Text.paragraph(
      "", D.Old.Path + " and " + D.New.Path + ": " + counted(Old, "byte") +
              " of functions, then " + inThousands(New) + " (" +
              inThousands(int64_t(New - Old), /*IsSigned=*/true) + ")");
}

void DiffPrinter::more(size_t Count) {
  OS << "          ... and " << inThousands(Count)
     << " more (--all lists them)\n";
}

void DiffPrinter::sizes(StringRef Title, StringRef Nameless,
                        ArrayRef<SizeChange> Sizes) {
  if (Sizes.empty())
    return;
  OS << '\n' << Title << '\n';
  OS << formatv("{0,12} {1,12} {2,12}\n", "old", "new", "change");
  size_t Shown = ListsAll ? Sizes.size() : std::min(Sizes.size(), MaxLines);
  for (const SizeChange &C : Sizes.take_front(Shown))
    OS << formatv("{0,12} {1,12} {2,12}  {3}\n", inThousands(C.Old),
                  inThousands(C.New), inThousands(C.growth(), true),
                  C.Name.empty() ? Nameless : StringRef(C.Name));
  if (Sizes.size() > Shown)
    more(Sizes.size() - Shown);
}

void DiffPrinter::function(const FunctionChange &C, int64_t Amount) {
  const DiffFunction &F = C.New ? *C.New : *C.Old;
  std::string Line = shown(F.Name, Names);
  if (!F.File.empty())
    Line += " in " + F.File;
  if (C.isAliasOnly())
    Line += " (another name of its code)";
  if (C.Old && C.New && C.Old->Section != C.New->Section)
    Line += ", from " + C.Old->Section.str() + " to " + C.New->Section.str();
  if (F.SplitOff)
    Line += ", " + counted(F.SplitOff, "byte") + " of it split off";
  Text.paragraph(
      formatv("{0,12}  ", inThousands(Amount, /*IsSigned=*/true)).str(), Line);
}

void DiffPrinter::functions(StringRef Title, ArrayRef<FunctionChange> List,
                            int64_t FunctionChange::*Amount) {
  if (List.empty())
    return;
  OS << '\n' << Title << '\n';
  size_t Shown = ListsAll ? List.size() : std::min(List.size(), MaxLines);
  for (const FunctionChange &C : List.take_front(Shown))
    function(C, C.*Amount);
  if (List.size() > Shown)
    more(List.size() - Shown);
}

/// Of which functions the file is not known, and what would tell.
void DiffPrinter::notKnownWhich() {
  if (D.NotKnownWhich.empty())
    return;
  OS << '\n';
  Text.paragraph("", "not known which is which, local functions of one name "
                     "(debug info or reports of both links show it):");
  size_t Shown = ListsAll ? D.NotKnownWhich.size()
                          : std::min(D.NotKnownWhich.size(), MaxLines);
  for (const NotPaired &N :
       ArrayRef<NotPaired>(D.NotKnownWhich).take_front(Shown))
    Text.paragraph("          ", shown(N.Name, Names) + ": " +
                                     counted(N.Old.size(), "function") +
                                     " of " + counted(N.bytes(N.Old), "byte") +
                                     ", then " + inThousands(N.New.size()) +
                                     " of " + inThousands(N.bytes(N.New)));
  if (D.NotKnownWhich.size() > Shown)
    more(D.NotKnownWhich.size() - Shown);
}

void DiffPrinter::notKnown(const DiffSide &Side) {
  if (!Side.WithoutFile)
    return;
  std::string Line = Side.Path + ": the source file of " +
                     counted(Side.WithoutFile, "function") + " is not known";
  if (!Side.HasDebugInfo)
    Line += Side.Image.isRelocatable()
                ? " (debug info is read of linked images only; give the "
                  "reports of the link: --report DIR)"
                : " (the image has no debug info; link with -g, or give the "
                  "reports of the link: --report DIR)";
  OS << '\n';
  Text.paragraph("", Line);
}

void DiffPrinter::print() {
  summary();
  sizes("by directory:", "(not known)", D.Directories);
  sizes("by rule:", "(no rule)", D.Rules);
  functions("came, bytes:", D.Came, &FunctionChange::Growth);
  functions("went, bytes:", D.Went, &FunctionChange::Growth);
  functions("grew or shrank, bytes:", D.Resized, &FunctionChange::Growth);
  functions("moved, by bytes:", D.Moved, &FunctionChange::MovedBy);
  notKnownWhich();
  notKnown(D.Old);
  notKnown(D.New);
}

void printDiff(raw_ostream &OS, const ImageDiff &D, bool ListsAll,
               NameStyle Names) {
  DiffPrinter(OS, D, ListsAll, Names).print();
}

std::string verdictOf(const ImageDiff &D) {
  if (D.Came.empty() && D.Went.empty() && D.Resized.empty() &&
      D.Moved.empty() && D.NotKnownWhich.empty())
    return "no function differs in size or place";
  size_t Grew =
      count_if(D.Resized, [](const FunctionChange &C) { return C.Growth > 0; });
  std::string Text = counted(D.Came.size(), "function") + " came, " +
                     inThousands(D.Went.size()) + " went, " +
                     inThousands(Grew) + " grew, " +
                     inThousands(D.Resized.size() - Grew) + " shrank, " +
                     inThousands(D.Moved.size()) + " moved";
  if (!D.NotKnownWhich.empty())
    Text += ", " + inThousands(D.NotKnownWhich.size()) + " not known which";
  return Text;
}

static void writeSide(json::OStream &J, StringRef Key, const DiffSide &Side) {
  J.attributeObject(Key, [&] {
    writeText(J, "image", Side.Path);
    J.attribute("functions", int64_t(Side.Functions.size()));
    J.attribute("bytes", int64_t(Side.bytes()));
    J.attribute("hasReports", Side.HasReports);
    J.attribute("hasDebugInfo", Side.HasDebugInfo);
    J.attribute("functionsWithoutFile", int64_t(Side.WithoutFile));
  });
}

static void writeSizes(json::OStream &J, StringRef Key, StringRef NameKey,
                       ArrayRef<SizeChange> Sizes) {
  J.attributeArray(Key, [&] {
    for (const SizeChange &C : Sizes)
      J.object([&] {
        if (C.Name.empty())
          J.attribute(NameKey, nullptr);
        else
          writeText(J, NameKey, C.Name);
        J.attribute("old", int64_t(C.Old));
        J.attribute("new", int64_t(C.New));
      });
  });
}

static void writeWhere(json::OStream &J, StringRef Key, const DiffFunction *F) {
  if (!F)
    return;
  J.attributeObject(Key, [&] {
    writeText(J, "section", F->Section);
    J.attribute("address", int64_t(F->Address));
    J.attribute("size", int64_t(F->Size));
    if (F->SplitOff)
      J.attribute("splitOff", int64_t(F->SplitOff));
    if (!F->Rule.empty())
      writeText(J, "rule", F->Rule);
  });
}

static void writeFunctions(json::OStream &J, StringRef Key,
                           ArrayRef<FunctionChange> List, size_t Max,
                           NameStyle Names) {
  J.attributeArray(Key, [&] {
    for (const FunctionChange &C : List.take_front(Max))
      J.object([&] {
        const DiffFunction &F = C.New ? *C.New : *C.Old;
        writeName(J, "function", F.Name, Names);
        if (!F.File.empty())
          writeText(J, "source", F.File);
        J.attribute("local", F.IsLocal);
        J.attribute("alias", C.isAliasOnly());
        writeWhere(J, "old", C.Old);
        writeWhere(J, "new", C.New);
        if (C.Old && C.New)
          J.attribute("movedBy", C.MovedBy);
      });
  });
}

void writeJsonDiff(json::OStream &J, const ImageDiff &D, size_t MaxFunctions,
                   NameStyle Names) {
  writeSide(J, "old", D.Old);
  writeSide(J, "new", D.New);
  writeSizes(J, "directories", "directory", D.Directories);
  writeSizes(J, "rules", "rule", D.Rules);
  writeFunctions(J, "came", D.Came, MaxFunctions, Names);
  writeFunctions(J, "went", D.Went, MaxFunctions, Names);
  writeFunctions(J, "resized", D.Resized, MaxFunctions, Names);
  writeFunctions(J, "moved", D.Moved, MaxFunctions, Names);
  J.attributeArray("notKnownWhich", [&] {
    for (const NotPaired &N : D.NotKnownWhich)
      J.object([&] {
        writeName(J, "function", N.Name, Names);
        for (auto [Key, Of] : {std::pair(StringRef("old"), &N.Old),
                               std::pair(StringRef("new"), &N.New)})
          J.attributeArray(Key, [&, Of = Of] {
            for (const DiffFunction *F : *Of)
              J.object([&] {
                if (!F->File.empty())
                  writeText(J, "source", F->File);
                writeText(J, "section", F->Section);
                J.attribute("address", int64_t(F->Address));
                J.attribute("size", int64_t(F->Size));
              });
          });
      });
  });
}

} // namespace section_placement
