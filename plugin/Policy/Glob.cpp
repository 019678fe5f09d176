//===- Glob.cpp - The policy's pattern dialect ----------------------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A few dozen patterns meet every symbol of a whole program, so a match must be
// cheap where the pattern is simple, and must stay within the product of the
// two lengths where it is not.
//
// The pattern is read into a flat row of tokens. The plain characters at its
// two ends are compared as strings, which decides most matches. What stands
// between them becomes an automaton after K. Thompson ("Regular Expression
// Search Algorithm", CACM 11(6), 1968), run with the set of all the states that
// it can be in. It is not made deterministic, which can take exponential space,
// and no brace is expanded and no star tried again, which can take exponential
// time.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Policy/Glob.h"
#include "GlobParser.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

using namespace llvm;
using namespace section_placement::glob;

namespace section_placement {

char GlobError::ID = 0;

void GlobError::log(raw_ostream &OS) const {
  OS << "at byte " << Offset << ": " << Message;
}

std::error_code GlobError::convertToErrorCode() const {
  return inconvertibleErrorCode();
}

namespace {

/// A state. Unless said otherwise the one after it in the row follows.
struct State {
  enum KindTy : uint8_t {
    Char,        ///< Takes the byte Arg.
    One,         ///< Takes a byte of the set Arg.
    Many,        ///< Takes any number of bytes of the set Arg.
    Split,       ///< Takes nothing; the state Arg follows as well.
    Jump,        ///< Takes nothing; the state Arg alone follows.
    FolderStart, ///< Takes nothing; holds at the start and after a `/`.
    Accept       ///< The last one.
  };
  KindTy Kind;
  uint32_t Arg;
};

/// Lays out the states of tokens. An alternative but the last begins with a
/// Split to the one after it and ends with a Jump behind the group.
class Layout {
public:
  static std::vector<State> of(ArrayRef<Token> Tokens) {
    Layout L;
    for (Token T : Tokens)
      L.add(T);
    L.emit(State::Accept);
    return std::move(L.States);
  }

private:
  static constexpr uint32_t None = UINT32_MAX;

  struct Group {
    uint32_t LastSplit;
    uint32_t LastJump; ///< Until the group closes, each Jump names the last.
  };

  uint32_t emit(State::KindTy Kind, uint32_t Arg = 0) {
    States.push_back({Kind, Arg});
    return States.size() - 1;
  }

  void add(Token T);
  void close(Group G);

  std::vector<State> States;
  SmallVector<Group, MaxNesting> Groups;
};

void Layout::add(Token T) {
  switch (T.Kind) {
  case Token::Char:
    emit(State::Char, T.Arg);
    break;
  case Token::One:
    emit(State::One, T.Arg);
    break;
  case Token::Many:
    emit(State::Many, T.Arg);
    break;
  case Token::Folders: {
    uint32_t Begin = emit(State::Split, States.size() + 4);
    emit(State::Many, AnyByte);
    emit(State::Char, '/');
    emit(State::Jump, Begin + 5);
    emit(State::FolderStart);
    break;
  }
  case Token::Open:
    Groups.push_back({emit(State::Split), None});
    break;
  case Token::Comma: {
    Group &G = Groups.back();
    G.LastJump = emit(State::Jump, G.LastJump);
    uint32_t Split = emit(State::Split);
    States[G.LastSplit].Arg = Split;
    G.LastSplit = Split;
    break;
  }
  case Token::Close:
    close(Groups.pop_back_val());
    break;
  }
}

void Layout::close(Group G) {
  // The last alternative has none after it.
  States[G.LastSplit] = {State::Jump, G.LastSplit + 1};
  while (G.LastJump != None) {
    State &Jump = States[G.LastJump];
    G.LastJump = Jump.Arg;
    Jump.Arg = States.size();
  }
}

/// A set of states that is walked while it grows. Empty again in the time of
/// what it held; on the heap only for a pattern of hundreds of states.
class StateSet {
public:
  explicit StateSet(size_t NumStates) : Bits((NumStates + 63) / 64, 0) {}

  void insert(uint32_t S) {
    uint64_t &Word = Bits[S / 64];
    uint64_t Bit = uint64_t(1) << (S % 64);
    if (Word & Bit)
      return;
    Word |= Bit;
    Members.push_back(S);
  }
  bool contains(uint32_t S) const { return Bits[S / 64] >> (S % 64) & 1; }
  size_t size() const { return Members.size(); }
  uint32_t operator[](size_t I) const { return Members[I]; }
  void clear() {
    for (uint32_t S : Members)
      Bits[S / 64] = 0;
    Members.clear();
  }

private:
  SmallVector<uint64_t, 4> Bits;
  SmallVector<uint32_t, 128> Members;
};

} // namespace

struct Glob::Automaton {
  std::string Pattern;
  /// The plain text at the two ends. A pattern that is plain all through is all
  /// Prefix, and has no states.
  std::string Prefix;
  std::string Suffix;
  /// What stands between the two.
  std::vector<State> States;
  std::vector<ByteSet> Sets;
  /// The bytes that a text between the two can begin with.
  ByteSet First;

  void build(ArrayRef<Token> Tokens);
  bool match(StringRef Text) const;

private:
  /// Is it a star that crosses everything?
  bool takesAnything(uint32_t S) const {
    return States[S].Kind == State::Many && Sets[States[S].Arg].all();
  }
  void follow(StateSet &Set, bool AtFolderStart) const;
  void take(uint8_t Byte, const StateSet &From, StateSet &To) const;
  size_t skip(const StateSet &Now, StringRef Text, size_t At, size_t End) const;
  bool run(StringRef Text, size_t Begin, size_t End) const;
};

void Glob::Automaton::build(ArrayRef<Token> Tokens) {
  auto IsChar = [](Token T) { return T.Kind == Token::Char; };
  while (!Tokens.empty() && IsChar(Tokens.front())) {
    Prefix.push_back(static_cast<char>(Tokens.front().Arg));
    Tokens = Tokens.drop_front();
  }
  if (Tokens.empty())
    return;
  size_t Middle = Tokens.size();
  while (IsChar(Tokens[Middle - 1]))
    --Middle;
  for (Token T : Tokens.drop_front(Middle))
    Suffix.push_back(static_cast<char>(T.Arg));
  States = Layout::of(Tokens.take_front(Middle));

  StateSet Start(States.size());
  Start.insert(0);
  follow(Start, /*AtFolderStart=*/true);
  for (size_t I = 0; I < Start.size(); ++I) {
    State S = States[Start[I]];
    if (S.Kind == State::Char)
      First.set(S.Arg);
    else if (S.Kind == State::One || S.Kind == State::Many)
      First |= Sets[S.Arg];
  }
}

bool Glob::Automaton::match(StringRef Text) const {
  if (States.empty())
    return Text == Prefix;
  if (Text.size() < Prefix.size() + Suffix.size() ||
      Text.take_front(Prefix.size()) != Prefix ||
      Text.take_back(Suffix.size()) != Suffix)
    return false;
  size_t Begin = Prefix.size(), End = Text.size() - Suffix.size();
  // A star alone, before the accepting state.
  if (States.size() == 2 && takesAnything(0))
    return true;
  if (Begin != End && !First[static_cast<uint8_t>(Text[Begin])])
    return false;
  return run(Text, Begin, End);
}

/// Adds the states that \p Set leads to without taking a byte.
void Glob::Automaton::follow(StateSet &Set, bool AtFolderStart) const {
  for (size_t I = 0; I < Set.size(); ++I) {
    uint32_t Index = Set[I];
    State S = States[Index];
    switch (S.Kind) {
    case State::Split:
      Set.insert(S.Arg);
      Set.insert(Index + 1);
      break;
    case State::Jump:
      Set.insert(S.Arg);
      break;
    case State::FolderStart:
      if (AtFolderStart)
        Set.insert(Index + 1);
      break;
    case State::Many:
      Set.insert(Index + 1);
      break;
    case State::Char:
    case State::One:
    case State::Accept:
      break;
    }
  }
}

/// Adds to \p To where the states of \p From get by taking \p Byte.
void Glob::Automaton::take(uint8_t Byte, const StateSet &From,
                           StateSet &To) const {
  for (size_t I = 0; I < From.size(); ++I) {
    uint32_t Index = From[I];
    State S = States[Index];
    if (S.Kind == State::Char) {
      if (S.Arg == Byte)
        To.insert(Index + 1);
    } else if (S.Kind == State::One) {
      if (Sets[S.Arg][Byte])
        To.insert(Index + 1);
    } else if (S.Kind == State::Many) {
      if (Sets[S.Arg][Byte])
        To.insert(Index);
    }
  }
}

/// Where a star waits for one character, what stands before the next such one
/// changes nothing. Returns its place, or \p End.
size_t Glob::Automaton::skip(const StateSet &Now, StringRef Text, size_t At,
                             size_t End) const {
  if (Now.size() != 2 || Now[1] != Now[0] + 1 || !takesAnything(Now[0]) ||
      States[Now[1]].Kind != State::Char)
    return At;
  size_t Found = Text.find(static_cast<char>(States[Now[1]].Arg), At);
  return std::min(Found, End);
}

bool Glob::Automaton::run(StringRef Text, size_t Begin, size_t End) const {
  uint32_t Accept = States.size() - 1;
  bool EndsInStar = takesAnything(Accept - 1);
  StateSet A(States.size()), B(States.size());
  StateSet *Now = &A, *Next = &B;
  Now->insert(0);
  for (size_t At = Begin;; ++At) {
    follow(*Now, At == 0 || Text[At - 1] == '/');
    At = skip(*Now, Text, At, End);
    if (At == End)
      return Now->contains(Accept);
    if (EndsInStar && Now->contains(Accept - 1))
      return true;
    take(Text[At], *Now, *Next);
    if (Next->size() == 0)
      return false;
    Now->clear();
    std::swap(Now, Next);
  }
}

Expected<Glob> Glob::compile(StringRef Pattern, Dialect D) {
  Expected<Syntax> Read = parse(Pattern, D);
  if (!Read)
    return Read.takeError();
  auto A = std::make_shared<Automaton>();
  A->Pattern = Pattern.str();
  A->Sets = std::move(Read->Sets);
  A->build(Read->Tokens);
  return Glob(std::move(A));
}

Glob Glob::exactly(StringRef Text) {
  auto A = std::make_shared<Automaton>();
  A->Pattern = A->Prefix = Text.str();
  return Glob(std::move(A));
}

bool Glob::match(StringRef Text) const { return Compiled->match(Text); }

std::optional<StringRef> Glob::literal() const {
  if (!Compiled->States.empty())
    return std::nullopt;
  return StringRef(Compiled->Prefix);
}

StringRef Glob::pattern() const { return Compiled->Pattern; }

} // namespace section_placement
