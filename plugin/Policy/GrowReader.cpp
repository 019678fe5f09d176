//===- GrowReader.cpp - How far a rule grows ------------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FieldReader.h"
#include <algorithm>

using namespace llvm;

namespace section_placement {

namespace {
/// A `grow` and where its keys stand.
class GrowReader {
public:
  GrowReader(const DocumentNode &Node, StringRef Folder, Faults &F)
      : Node(Node), Folder(Folder), F(F) {}

  std::optional<Growth> read();

private:
  void readAlong(const DocumentNode &Value);
  void readDepth(const DocumentNode &Value);
  void checkMeaning();

  const DocumentNode &Node;
  StringRef Folder;
  Faults &F;
  Growth G;
  const DocumentNode *Along = nullptr, *Towards = nullptr, *Depth = nullptr;
};
} // namespace

void GrowReader::readAlong(const DocumentNode &Value) {
  Along = &Value;
  for (const DocumentNode *Item : readTexts(Value, "along", F)) {
    std::optional<StringRef> Word =
        readWord(*Item, "along", {"branch", "call"}, F);
    G.AlongBranch |= Word == StringRef("branch");
    G.AlongCall |= Word == StringRef("call");
  }
}

void GrowReader::readDepth(const DocumentNode &Value) {
  Depth = &Value;
  std::optional<std::string> Text = readText(Value, "depth", F);
  if (!Text)
    return;
  StringRef Rest = *Text;
  std::optional<uint64_t> Number = takeNumber(Rest);
  if (Number && Rest.empty())
    G.Depth = std::min<uint64_t>(*Number, UINT32_MAX);
  else if (*Text == "unlimited")
    G.Depth = UINT32_MAX;
  else
    F.add(Value.Where, inQuotes(*Text) +
                           " is no depth; write a number of edges from 1 on, "
                           "or 'unlimited'");
}

void GrowReader::checkMeaning() {
  if (!Along)
    F.add(Node.Where, "'grow' needs 'along': [branch], [call] or both");
  if (Towards && G.AlongBranch && !G.AlongCall)
    F.add(Towards->Where, "'towards' has a meaning along calls only; add "
                          "'call' to 'along', or take it out");
  if (G.AlongCall && !Depth)
    F.add(Node.Where, "'grow' along call needs 'depth', as 'depth: 1': how "
                      "many calls away is still near differs");
}

std::optional<Growth> GrowReader::read() {
  auto Along = [&](const DocumentNode &V) { readAlong(V); };
  auto ReadTowards = [&](const DocumentNode &V) {
    Towards = &V;
    std::optional<StringRef> Word =
        readWord(V, "towards", {"callees", "callers", "both"}, F);
    G.Towards = Word == StringRef("callers") ? Growth::Direction::Callers
                : Word == StringRef("both")  ? Growth::Direction::Both
                                             : Growth::Direction::Callees;
  };
  auto Depth = [&](const DocumentNode &V) { readDepth(V); };
  auto Within = [&](const DocumentNode &V) {
    G.Within = readMatcher(V, "within", Folder, F);
  };
  auto Complete = [&](const DocumentNode &V) {
    F.add(V.Where, "'complete' is now 'closed', a key of the rule; write "
                   "'closed: true' beside 'grow'");
  };
  size_t UnknownKeys = F.unknownKeyCount();
  if (!readFields(Node, "'grow'",
                  {{"along", Along},
                   {"towards", ReadTowards},
                   {"depth", Depth},
                   {"within", Within},
                   {"complete", Complete}},
                  F) ||
      F.unknownKeyCount() != UnknownKeys)
    return std::nullopt;
  checkMeaning();
  return std::move(G);
}

std::optional<Growth> readGrowth(const DocumentNode &Node, StringRef Folder,
                                 Faults &F) {
  return GrowReader(Node, Folder, F).read();
}

} // namespace section_placement
