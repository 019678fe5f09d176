//===- DemangledSize.cpp - How long a mangled name is in words ------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Itanium's names are read by LLVM's own parser into a graph, whose nodes are
// measured once each. Rust's v0 names (RFC 2603) have no such parser in LLVM's
// interface; a reader of their grammar measures each production once, by its
// place, so a reference back to it costs nothing. What newer compilers add to
// that grammar is not read, and such a name counts as out of bounds.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Model/DemangledSize.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Demangle/ItaniumDemangle.h"
#include "llvm/Support/Allocator.h"
#include <optional>
#include <type_traits>

using namespace llvm;

namespace section_placement {
namespace {

constexpr size_t MaxMangled = 8 << 10;
constexpr uint64_t MaxDemangled = 64 << 10;
/// What is written around the parts of one node, in bytes: keywords, brackets
/// and separators, the longest of them `decltype(nullptr)` and `(anonymous
/// namespace)`.
constexpr uint64_t Around = 32;
constexpr unsigned MaxDepth = 500; ///< That of LLVM's Rust demangler.

uint64_t bounded(uint64_t Size) { return std::min(Size, MaxDemangled + 1); }

//===----------------------------------------------------------------------===//
// Itanium
//===----------------------------------------------------------------------===//

using itanium_demangle::ForwardTemplateReference;
using itanium_demangle::Node;
using itanium_demangle::NodeArray;
using itanium_demangle::ParameterPackExpansion;

/// Where the parser puts its nodes.
class NodeAllocator {
  BumpPtrAllocator Memory;

public:
  void reset() { Memory.Reset(); }
  template <typename T, typename... Args> T *makeNode(Args &&...As) {
    return new (Memory.Allocate(sizeof(T), alignof(T)))
        T(std::forward<Args>(As)...);
  }
  void *allocateNodeArray(size_t Size) {
    return Memory.Allocate(sizeof(Node *) * Size, alignof(Node *));
  }
};

class NodeSizes {
  DenseMap<const Node *, uint64_t> Known;
  uint64_t LongestArray = 1;

  uint64_t of(const NodeArray &Nodes) {
    LongestArray = std::max<uint64_t>(LongestArray, Nodes.size());
    uint64_t Size = 0;
    for (const Node *N : Nodes)
      Size = bounded(Size + of(N));
    return Size;
  }

  /// The size of a node's part, which may be other than a node.
  template <typename T> uint64_t ofPart(const T &Part) {
    if constexpr (std::is_same_v<T, NodeArray>)
      return of(Part);
    else if constexpr (std::is_convertible_v<T, const Node *>)
      return of(static_cast<const Node *>(Part));
    else if constexpr (std::is_class_v<T>)
      return Part.size(); // A string view.
    else
      return 0;
  }

public:
  /// At most so many bytes are written for \p N.
  uint64_t of(const Node *N) {
    if (!N)
      return 0;
    auto [At, IsNew] = Known.try_emplace(N, 0);
    if (!IsNew)
      return At->second; // 0 inside itself: the printer stops there, too.
    uint64_t Size = Around;
    N->visit([&](auto *Derived) {
      using Kind =
          std::remove_const_t<std::remove_pointer_t<decltype(Derived)>>;
      if constexpr (std::is_same_v<Kind, ForwardTemplateReference>)
        Size += of(Derived->Ref);
      else
        Derived->match([&](const auto &...Parts) {
          ((Size = bounded(Size + ofPart(Parts))), ...);
        });
    });
    // Its pattern is written once for each of a pack's arguments.
    if (N->getKind() == Node::KParameterPackExpansion)
      Size = bounded(Size * LongestArray);
    return Known[N] = bounded(Size);
  }
};

uint64_t itaniumSize(StringRef Mangled) {
  itanium_demangle::ManglingParser<NodeAllocator> Parser(Mangled.begin(),
                                                         Mangled.end());
  const Node *Whole = Parser.parse();
  return Whole ? NodeSizes().of(Whole) : MaxDemangled + 1;
}

//===----------------------------------------------------------------------===//
// Rust, v0
//===----------------------------------------------------------------------===//

/// Measures a name by RFC 2603's grammar. Each function reads one production
/// and gives the bytes that it stands for; none where the text is no such
/// production.
class RustSizes {
  using Size = std::optional<uint64_t>;
  enum Production : unsigned { Path, Type, Const };

  StringRef Text;
  size_t At = 0;
  unsigned Depth = 0;
  DenseMap<std::pair<size_t, unsigned>, uint64_t> Known;

  bool eat(char C) {
    if (At == Text.size() || Text[At] != C)
      return false;
    ++At;
    return true;
  }

  /// `_`, or digits of base 62 and `_`.
  std::optional<uint64_t> base62() {
    if (eat('_'))
      return 0;
    uint64_t Value = 0;
    for (; At < Text.size() && isAlnum(Text[At]); ++At) {
      char C = Text[At];
      unsigned Digit = isDigit(C)             ? C - '0'
                       : C >= 'a' && C <= 'z' ? C - 'a' + 10
                                              : C - 'A' + 36;
      if (Value > Text.size())
        return std::nullopt; // Larger than any place.
      Value = Value * 62 + Digit;
    }
    if (!eat('_'))
      return std::nullopt;
    return Value + 1;
  }

  /// A number whose value is written, or not, in a few bytes.
  bool skipBase62() {
    At = Text.find('_', At);
    return At != StringRef::npos ? (++At, true) : (At = Text.size(), false);
  }

  Size identifier() {
    if (eat('s') && !skipBase62())
      return std::nullopt;
    bool IsPunycode = eat('u');
    StringRef Digits = Text.substr(At).take_while(isDigit);
    uint64_t Length;
    if (Digits.getAsInteger(10, Length))
      return std::nullopt;
    At += Digits.size();
    eat('_');
    if (Length > Text.size() - At)
      return std::nullopt;
    At += Length;
    return Around + Length * (IsPunycode ? 4 : 1); // UTF-8's most.
  }

  Size backReference(Production P) {
    size_t Reference = At - 1;
    std::optional<uint64_t> Place = base62();
    if (!Place || *Place >= Reference)
      return std::nullopt;
    if (auto Seen = Known.find({*Place, P}); Seen != Known.end())
      return Seen->second;
    size_t After = At;
    At = *Place;
    Size Result = production(P);
    At = After;
    return Result;
  }

  /// \p Read until `E`.
  template <typename Fn> Size list(Fn Read) {
    uint64_t Sum = Around;
    while (!eat('E')) {
      Size S = Read();
      if (!S)
        return std::nullopt;
      Sum = bounded(Sum + *S);
    }
    return Sum;
  }

  template <typename... Sizes> static Size sum(Sizes... S) {
    if (!(S && ...))
      return std::nullopt;
    return bounded((*S + ... + Around));
  }

  Size path() {
    if (eat('C'))
      return identifier();
    if (eat('M')) {
      Size Impl = implPath(), Self = Impl ? production(Type) : std::nullopt;
      return sum(Impl, Self);
    }
    if (eat('X')) {
      Size Impl = implPath(), Self = Impl ? production(Type) : std::nullopt,
           Trait = Self ? production(Path) : std::nullopt;
      return sum(Impl, Self, Trait);
    }
    if (eat('Y')) {
      Size Self = production(Type), Trait = Self ? production(Path) : Self;
      return sum(Self, Trait);
    }
    if (eat('N')) {
      if (At == Text.size() || !isAlpha(Text[At]))
        return std::nullopt;
      ++At;
      Size Outer = production(Path), Name = Outer ? identifier() : Outer;
      return sum(Outer, Name);
    }
    if (eat('I')) {
      Size Generic = production(Path),
           Arguments =
               Generic ? list([&] { return genericArgument(); }) : std::nullopt;
      return sum(Generic, Arguments);
    }
    if (eat('B'))
      return backReference(Path);
    return std::nullopt;
  }

  Size implPath() {
    if (eat('s') && !skipBase62())
      return std::nullopt;
    return production(Path);
  }

  Size genericArgument() {
    if (eat('L'))
      return skipBase62() ? Size(Around) : std::nullopt;
    return production(eat('K') ? Const : Type);
  }

  Size type() {
    if (At == Text.size())
      return std::nullopt;
    char C = Text[At];
    if (C >= 'a' && C <= 'z') {
      ++At;
      return Around;
    }
    if (eat('A')) {
      Size Element = production(Type),
           Length = Element ? production(Const) : std::nullopt;
      return sum(Element, Length);
    }
    if (eat('S') || eat('P') || eat('O'))
      return sum(production(Type));
    if (eat('R') || eat('Q')) {
      if (eat('L') && !skipBase62())
        return std::nullopt;
      return sum(production(Type));
    }
    if (eat('T'))
      return list([&] { return production(Type); });
    if (eat('F')) {
      if (eat('G') && !skipBase62())
        return std::nullopt;
      eat('U');
      Size Abi = Around;
      if (eat('K'))
        Abi = eat('C') ? Abi : identifier();
      Size Parameters = Abi ? list([&] { return production(Type); }) : Abi,
           Result = Parameters ? production(Type) : std::nullopt;
      return sum(Abi, Parameters, Result);
    }
    if (eat('D')) {
      if (eat('G') && !skipBase62())
        return std::nullopt;
      Size Traits = list([&]() -> Size {
        Size Trait = production(Path);
        while (Trait && eat('p')) {
          Size Name = identifier(), Bound = Name ? production(Type) : Name;
          Trait = sum(Trait, Name, Bound);
        }
        return Trait;
      });
      if (!Traits || !eat('L') || !skipBase62())
        return std::nullopt;
      return Traits;
    }
    if (eat('B'))
      return backReference(Type);
    return production(Path);
  }

  Size constant() {
    if (eat('B'))
      return backReference(Const);
    if (eat('p'))
      return Around;
    size_t Begin = At;
    if (At == Text.size() || Text[At] < 'a' || Text[At] > 'z' || !skipBase62())
      return std::nullopt; // Its type is a basic one; hexadecimal digits; `_`.
    return Around + At - Begin;
  }

  Size production(Production P) {
    if (Depth == MaxDepth)
      return std::nullopt;
    size_t Begin = At;
    ++Depth;
    Size S = P == Path ? path() : P == Type ? type() : constant();
    --Depth;
    if (S)
      Known[{Begin, P}] = *S;
    return S;
  }

public:
  explicit RustSizes(StringRef Text) : Text(Text) {}

  /// The bytes of the name, and of the crate that made it, if it has one.
  uint64_t whole() {
    Size Name = production(Path);
    if (Name && At < Text.size() && Text[At] != '.' && Text[At] != '$')
      Name = sum(Name, production(Path));
    return Name.value_or(MaxDemangled + 1);
  }
};

} // namespace

bool isShortAnyway(StringRef Mangled) {
  // Each reference refers to what stands before it, so at most it doubles the
  // name; a conversion operator's may refer to what follows.
  if (Mangled.size() > MaxDemangled / (2 * Around) ||
      Mangled.find("cv") != StringRef::npos)
    return false;
  uint64_t Size = 2 * Around * Mangled.size();
  for (size_t I = 0; I + 1 < Mangled.size(); ++I) {
    char C = Mangled[I], Next = Mangled[I + 1];
    bool IsReference = (C == 'S' || C == 'T') &&
                       (Next == '_' || Next == 'L' || isDigit(Next) ||
                        (C == 'S' && Next >= 'A' && Next <= 'Z'));
    // What a pack expands to is written once for each of its elements.
    bool IsPack = (C == 'D' || C == 's') && (Next == 'p' || Next == 'P');
    bool IsFold = C == 'f' && StringRef("lrLRp").contains(Next);
    if (IsPack || IsFold)
      return false;
    Size = bounded(IsReference ? 2 * Size : Size);
  }
  return Size <= MaxDemangled;
}

bool isDemangledInBounds(StringRef Mangled) {
  if (Mangled.size() > MaxMangled)
    return false;
  if (Mangled.take_front(2) == "_R")
    return RustSizes(Mangled.drop_front(2)).whole() <= MaxDemangled;
  // LLVM's parser takes the name of a type as well.
  bool IsItanium =
      Mangled.take_front(2) == "_Z" || Mangled.take_front(3) == "__Z";
  return IsItanium && itaniumSize(Mangled) <= MaxDemangled;
}

} // namespace section_placement
