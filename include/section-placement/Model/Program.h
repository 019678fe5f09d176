//===- Program.h - What is in the program, as plain data --------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The planner must give the same answer inside a linker, where it sees one
// module, and in a tool, where it sees a whole program, and a test must be able
// to write its input by hand. So it sees neither IR nor ELF but this: symbols
// and edges in arrays, that refer to each other by index.
//
// Strings are views. A frontend takes them from memory that outlives the
// Program (a module's names, a mapped file) or puts them into its arena.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_MODEL_PROGRAM_H
#define SECTION_PLACEMENT_MODEL_PROGRAM_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/StringSaver.h"
#include <cstdint>
#include <optional>
#include <vector>

namespace section_placement {

/// Stands for "no such symbol, edge, rule".
constexpr uint32_t NoIndex = UINT32_MAX;

/// What a profile says of a function, as code generation asks it for a section
/// prefix.
enum class Temperature : uint8_t { Unknown, Hot, Cold };

/// Did it run in the training that a profile is of?
enum class Training : uint8_t { Unknown, Ran, NeverRan };

/// What a symbol holds, and with that the flags of a section that takes it.
enum class Content : uint8_t {
  Code,
  Constant,    ///< Never written.
  Relocated,   ///< A constant that is written while the program is loaded.
  Variable,    ///< Written.
  Zeros,       ///< Likewise, and zero at the start: takes no bytes in a file.
  Common,      ///< Zeros without a definition yet: the linker makes one.
  ThreadLocal, ///< One for each thread, in a segment of their own.
  Reserved,    ///< The compiler or the linker reads it: `llvm.used`.
  Unknown,     ///< Data of a linked image: its section is the link's.
};

/// Whether the linker may bind a name to another object's definition than this.
enum class Rivals : uint8_t {
  None,
  Equal, ///< To one of the same code: an inline function's, a template's.
  Any,   ///< To any: a weak definition gives way to a strong one.
};

/// A function or variable that can be moved, or code of a native object, of
/// module asm or of another module that cannot.
struct Symbol {
  llvm::StringRef Name;      ///< As the object will have it.
  llvm::StringRef Canonical; ///< As a policy names it.
  /// The source file that was compiled, relative to the policy's root; whole
  /// where it lies outside; empty where nobody recorded it.
  llvm::StringRef Source;
  /// The section that the source gave it; of native code, the one it is in.
  llvm::StringRef Section;
  /// Of native code: the object that defines it, as the user named it.
  llvm::StringRef Object;
  /// Of code and data of bitcode: the archive's member that it came from, as
  /// `lib.a(member.o)`; empty where it came from a file of its own.
  llvm::StringRef Archive;
  uint64_t Address = 0; ///< Of native code: bytes from its section's start.
  /// Of native code: the rank of object and section among those read. With the
  /// address it is the order that "the first that reaches" is meant in.
  uint32_t Rank = 0;
  /// What it was split or cloned from and shall stand beside.
  uint32_t Parent = NoIndex;
  /// Its attributes among those that the policy asks for: a range of
  /// Program::Attributes.
  uint32_t AttributesBegin = 0, AttributesEnd = 0;
  /// Likewise the texts that its source annotated it with: a range of
  /// Program::Annotations.
  uint32_t AnnotationsBegin = 0, AnnotationsEnd = 0;
  /// Its name as summaries and profiles know it; 0 where nobody asked.
  uint64_t Guid = 0;
  /// Its code, in bytes; 0 where nobody asked.
  uint64_t Size = 0;
  /// Calls in it of which nothing tells whom they reach.
  uint32_t IndirectCalls = 0;
  /// There may be more of them than IndirectCalls: a summary tells that there
  /// are some, not how many.
  bool HasMoreIndirectCalls = false;
  bool HasUnreadableAsm = false; ///< Inline asm names what may be called.
  bool HasUnreadBody = false;    ///< Only its summary was read.
  bool IsCompiled = false;       ///< Size is that of its code, no estimate.
  /// Its code was not or could not be compiled: which run-time routines it
  /// calls is not known.
  bool HasUnknownCode = false;
  /// No definition was seen. Its Object is the native object that defines it,
  /// or empty: another module's, a library's, nobody's.
  bool IsUndefined = false;
  /// The program chooses what it is when it is loaded (an ifunc). It counts as
  /// undefined: a call of it goes to no definition that is known.
  bool IsIFunc = false;
  /// The link drops it: nothing reaches it. It counts as undefined.
  bool IsDropped = false;
  Temperature Profile = Temperature::Unknown;
  Training InTraining = Training::Unknown;
  Content Holds = Content::Code;
  Rivals Others = Rivals::None; ///< Of its name, before the last link.
  bool IsNative = false;
  bool IsLocal = false;  ///< No other object can refer to it.
  bool IsComdat = false; ///< Keeps a section of its own under any name.
  bool IsCold = false;   ///< Would go to `.text.unlikely.`.
  bool IsHot = false;    ///< Would go to `.text.hot.`.
  /// It came from a module in which nobody recorded source files, though others
  /// of the same link have them.
  bool IsUnrecorded = false;
  /// A rule asks for its archive, and which file it came from is not known.
  bool IsArchiveUnknown = false;
  /// Of a variable: the program never writes it, though the loader may.
  bool IsConstant = false;
  /// Of a constant: a copy of it would do as well.
  bool IsCopyable = false;
  /// Another module defines it; this one holds a copy of its bytes.
  bool IsImported = false;
  bool IsJumpTable = false; ///< The table that `-fsanitize=cfi-icall` calls by.

  bool isVariable() const { return Holds != Content::Code; }
};

enum class EdgeKind : uint8_t {
  Branch, ///< A short reference.
  Call,   ///< A direct call.
  /// A call that code generation makes: of memcpy, a division, the stack
  /// protector.
  RuntimeCall,
  /// Native code has the address: it may jump there through a register.
  Address,
};

/// A function's code, or the initialiser of a constant, refers to a constant.
struct Read {
  uint32_t From;
  uint32_t To;
  bool NeedsAddress; ///< It does more than load the bytes.
};

/// What the link makes of a reference to a name.
enum class Binding : uint8_t {
  Definition,   ///< It goes to the definition of that name.
  Interposable, ///< Another module's may take its place: it goes to the PLT.
  Wrapped,      ///< --wrap gives it another name.
  Made,         ///< --defsym or a script defines the name.
  Provided,     ///< Likewise by PROVIDE: unless an input defines it.
  NotKnown,     ///< The command line leaves open whether it is Interposable.
};

/// Of an address it is not known that it is none.
inline bool isCall(EdgeKind Kind) { return Kind != EdgeKind::Branch; }

/// What an edge was read from: told to the user beside each growth.
struct Evidence {
  llvm::StringRef Object;     ///< The object, `module asm` or `inline asm`.
  llvm::StringRef Relocation; ///< Its type; empty for a call in IR.
  uint64_t Offset = 0;        ///< Bytes from the start of the symbol's section.
  uint64_t Reach = 0;         ///< Bytes; 0 where it does not matter.
  /// Where the link binds the reference to another symbol than the one that it
  /// names: that name, and what makes it so (`--wrap=f`, `PROVIDE in l.ld:3`).
  llvm::StringRef Name = {}, BoundBy = {};
};

/// One symbol refers to another.
struct Edge {
  uint32_t From;
  uint32_t To;
  EdgeKind Kind;
  uint32_t Evidence; ///< Index into Program::Evidences.
  /// How often it is followed, in 256ths: the profile's count, or, without
  /// one, the estimate for one run of From. 0 where nobody asked.
  uint64_t Weight = 0;
  /// What the link makes of it. Where it is another name of To, the evidence
  /// says which and why.
  Binding Bound = Binding::Definition;
};

/// Edge::Weight of what is followed once.
constexpr uint64_t WeightOfOne = 256;

/// Another name of a symbol: an alias, an ifunc, an entry of a jump table.
struct Alias {
  llvm::StringRef Name;
  uint32_t Symbol;
  bool IsLocal = false; ///< The name; what it stands for may be local itself.
  bool IsWeak = false;
  Binding Bound = Binding::Definition; ///< Of what refers to the name.
};

/// What a frontend met that no placement can answer. Facts; Explain makes the
/// sentence.
struct Note {
  enum class Kind : uint8_t {
    DataReference,       ///< A short reference to data.
    OutOfHand,           ///< One to what this module does not define.
    OtherSection,        ///< One from a section that asm has switched to.
    UnreadableAsm,       ///< A statement of inline asm that does not assemble.
    UnreadableModuleAsm, ///< Which of its references are short is not known.
    MadeByLink,          ///< The link binds a name to no function.
  };
  Kind What;
  uint32_t Symbol = NoIndex;   ///< Whose code it is in; NoIndex of no symbol's.
  uint32_t Evidence = NoIndex; ///< Of a reference: index into Evidences.
  llvm::StringRef Target;      ///< The name that is referred to.
  /// OtherSection: that section. MadeByLink: what makes the name.
  /// UnreadableAsm: the statement.
  /// UnreadableModuleAsm: why.
  llvm::StringRef Detail;
};

/// Symbols and edges. Owned by whoever plans; frontends append.
class Program {
public:
  Program() = default;
  Program(const Program &) = delete;

  std::vector<Symbol> Symbols;
  std::vector<Edge> Edges;
  std::vector<Evidence> Evidences;
  std::vector<Alias> Aliases;
  std::vector<Note> Notes;
  /// Sorted; nothing where they were not read.
  std::optional<std::vector<Read>> Reads;
  std::vector<llvm::StringRef> Attributes;
  std::vector<llvm::StringRef> Annotations;
  /// Of each run of the training that a profile traced: the symbols in the
  /// order in which they first ran.
  std::vector<std::vector<uint32_t>> Runs;

  /// Sorts the edges by their symbols and indexes them; call once, after the
  /// last append. Stable: edges of one symbol keep the order of their append.
  void finish();

  /// The edges that leave \p Symbol, as a range of Edges. After finish().
  llvm::ArrayRef<Edge> edgesFrom(uint32_t Symbol) const;
  /// The indices in Edges of those that arrive at \p Symbol. After finish().
  llvm::ArrayRef<uint32_t> edgesTo(uint32_t Symbol) const;
  /// Further names of \p Symbol. After finish().
  llvm::ArrayRef<Alias> aliasesOf(uint32_t Symbol) const;
  /// What was split off \p Symbol, in order. After finish().
  llvm::ArrayRef<uint32_t> childrenOf(uint32_t Symbol) const;

  llvm::ArrayRef<llvm::StringRef> attributesOf(const Symbol &S) const {
    return llvm::ArrayRef<llvm::StringRef>(Attributes)
        .slice(S.AttributesBegin, S.AttributesEnd - S.AttributesBegin);
  }

  llvm::ArrayRef<llvm::StringRef> annotationsOf(const Symbol &S) const {
    return llvm::ArrayRef<llvm::StringRef>(Annotations)
        .slice(S.AnnotationsBegin, S.AnnotationsEnd - S.AnnotationsBegin);
  }

  /// Copies \p Text into the arena.
  llvm::StringRef save(const llvm::Twine &Text) { return Strings.save(Text); }

private:
  llvm::BumpPtrAllocator Arena;
  llvm::StringSaver Strings{Arena};
  std::vector<uint32_t> FromBegin, ToBegin, ToIndex, AliasBegin, ChildBegin,
      ChildIndex;
};

/// What a policy asks for, so that a frontend reads that and no more.
struct Interest {
  bool Branches = false;     ///< Short branches matter.
  bool Calls = false;        ///< Direct calls matter.
  bool Sources = false;      ///< Source files matter.
  bool NativeSeeds = false;  ///< Native symbols are matched beyond their names.
  bool Temperatures = false; ///< Hot and cold matter beyond the attribute.
  bool Annotations = false;  ///< What sources annotate functions with.
  bool Weights = false;      ///< How often calls are made matters.
  bool Guids = false;        ///< Symbols are known by their Guid.
  bool Sizes = false;        ///< The size of functions matters.
  bool Variables = false;    ///< Variables are matched, beyond Names.
  bool Reads = false;        ///< The constants that functions read matter.
  bool Archives = false;     ///< The archives that inputs are in matter.
  /// The attributes that a rule matches by, sorted.
  std::vector<llvm::StringRef> Attributes;
  /// The names without a wildcard, sorted.
  std::vector<llvm::StringRef> Names;
};

} // namespace section_placement

#endif // SECTION_PLACEMENT_MODEL_PROGRAM_H
