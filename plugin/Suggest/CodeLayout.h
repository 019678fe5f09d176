//===- CodeLayout.h - Where a link puts code --------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A linker goes through the lines of its script in order; each takes the input
// sections that match it and that no line before it took, in the order of the
// link's files. What no line takes goes to an output section by its own name.
// That order, with the sizes, says how far apart two pieces of one output
// section are. The addresses of output sections are not computed.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_SUGGEST_CODELAYOUT_H
#define SECTION_PLACEMENT_SUGGEST_CODELAYOUT_H

#include "section-placement/Link/LinkFacts.h"
#include <map>

namespace section_placement {

/// An input section.
struct CodePart {
  std::string File; ///< As a script's pattern sees it: `lib.a:member.o`.
  std::string Section;
  uint64_t Size; ///< Bytes, as far as they are known.
  uint64_t Most; ///< Bytes that it may come to.
};

class CodeLayout {
public:
  /// \p Link is null where the link is not known: then sections of one name are
  /// joined, and nothing else is.
  explicit CodeLayout(const LinkFacts *Link) : Link(Link) {}

  /// Adds \p Part behind those before it. Returns its index.
  size_t add(CodePart Part);

  /// Says more of the size of \p Part; place() is to be called again.
  void setSize(size_t Part, uint64_t Size, uint64_t Most) {
    Parts[Part].Size = Size;
    Parts[Part].Most = Most;
  }
  uint64_t sizeOf(size_t Part) const { return Parts[Part].Size; }

  /// Lays out all parts, by the link's own scripts and behind them by \p
  /// Lines, which are patterns of one more output section. Returns why that
  /// cannot be done, empty where it is. The order does not depend on sizes.
  /// \p JoinsText: where the link is not known, it has no script.
  std::string place(llvm::ArrayRef<std::string> Lines, bool JoinsText = false);

  /// Bytes from the start of an output section, by sizes or by the most.
  struct Extent {
    uint64_t Begin = 0, End = 0;
  };
  struct Spot {
    size_t Output = ~size_t(0);
    size_t Rank = 0; ///< Among the parts of Output.
    Extent Known, Most;
  };
  const Spot &of(size_t Part) const { return Spots[Part]; }

  /// For people: `.text (l.ld:3)`.
  std::string nameOf(size_t Output) const;

private:
  struct Output {
    std::string Name;
    Place Where;
    size_t Count = 0; ///< Of parts.
    uint64_t Size = 0, Most = 0;
  };
  void put(size_t Part, size_t Output);
  std::string takeLine(llvm::StringRef Line, size_t Output);
  std::string leftoverName(llvm::StringRef Section, bool JoinsText) const;

  const LinkFacts *Link;
  std::vector<CodePart> Parts;
  std::vector<Spot> Spots; ///< By part.
  std::vector<Output> Outputs;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_SUGGEST_CODELAYOUT_H
