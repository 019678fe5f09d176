//===- LinkFacts.h - What this link is --------------------------*- C++ -*-===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A symbol's name in an object does not say where a branch to it goes. The
// link decides: --wrap and --defsym rename, a linker script defines names of
// its own, and in a shared library another definition may take the place of
// this one, so that the branch goes to the PLT. LLVM's pipeline says which step
// runs (Phase.h); the rest stands on the command line and in the scripts that
// it names. This is the one reader of both, in the plugin and in the tool.
//
//===----------------------------------------------------------------------===//

#ifndef SECTION_PLACEMENT_LINK_LINKFACTS_H
#define SECTION_PLACEMENT_LINK_LINKFACTS_H

#include "section-placement/Link/LinkCommand.h"
#include "section-placement/Model/Program.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/GlobPattern.h"
#include <optional>
#include <string>
#include <vector>

namespace section_placement {

enum class OutputKind : uint8_t {
  Relocatable, ///< `-r`: another link follows.
  Executable,
  PIE,
  Shared,
};

/// `relocatable`, `executable`, `PIE`, `shared library`.
llvm::StringRef nameOf(OutputKind Kind);

/// Which references a shared library binds to its own definitions.
enum class SymbolicKind : uint8_t {
  None,
  NonWeakFunctions,
  Functions,
  NonWeak,
  All,
};

/// A symbol that the link defines: by --defsym, or by a script.
struct MadeSymbol {
  std::string Name;
  /// The symbol that it is another name of; empty where it is an address.
  std::string Target;
  bool IsProvided = false; ///< PROVIDE: only where no input defines it.
  bool IsHidden = false;   ///< HIDDEN, PROVIDE_HIDDEN.
  Place Where;             ///< Of --defsym, the option and no line.
};

struct OutputSection {
  std::string Name;
  /// `*(.text .text.*)`, as written, in order.
  std::vector<std::string> Inputs;
  std::string Region;     ///< After `>`; empty where none is named.
  std::string LoadRegion; ///< After `AT>`.
  Place Where;
  /// Bytes that assignments to `.` in it add at most; nothing where one is an
  /// expression that is not computed.
  std::optional<uint64_t> Gaps = 0;
};

/// A line of MEMORY. Nothing where an expression is not a plain number.
struct MemoryRegion {
  std::string Name;
  std::optional<uint64_t> Origin, Length; ///< Bytes.
  Place Where;
};

/// A pattern of a version script or a dynamic list.
struct SymbolPattern {
  std::string Text;
  bool IsCpp = false;   ///< Matches the demangled name.
  bool IsExact = false; ///< Quoted, or without a wildcard.
};

/// `NAME { global: …; local: …; };`
struct SymbolVersion {
  std::string Name;
  std::vector<SymbolPattern> Globals, Locals;
};

/// A file as the linker resolves symbols with it.
struct ResolvedFile {
  std::string Path;
  bool IsWhole = false; ///< --whole-archive: all members are linked.
  bool IsLazy = false;  ///< Between --start-lib and --end-lib.
};

/// Something of the command line or of a script that was not understood.
struct NotKnown {
  Place Where;
  std::string What; ///< A sentence without a full stop.
};

/// What linker scripts say, and version scripts and dynamic lists.
struct ScriptFacts {
  std::vector<MadeSymbol> Symbols; ///< In the order in which they are made.
  std::vector<OutputSection> Sections;
  /// The scripts say where every section goes: a SECTIONS command that no
  /// INSERT adds to another layout.
  bool HasLayout = false;
  std::vector<MemoryRegion> Regions;
  std::vector<SymbolVersion> Versions;
  std::vector<SymbolPattern> DynamicList;
  /// Names that the link asks for: by -e and -u, and of ENTRY, EXTERN and the
  /// expressions of a script.
  std::vector<SymbolPattern> Kept;
  std::vector<std::string> Inputs;  ///< Of INPUT and GROUP.
  std::vector<std::string> Folders; ///< Of SEARCH_DIR.
  std::vector<NotKnown> Unread;
};

/// A global definition, for who asks whether it can be preempted.
struct GlobalDefinition {
  llvm::StringRef Name; ///< As the object has it.
  bool IsFunction = true;
  bool IsWeak = false;
  bool HasDefaultVisibility = true;
};

/// Where a reference to a name goes.
struct BoundName {
  Binding How = Binding::Definition;
  /// The symbol; empty where it is an address and no symbol.
  llvm::StringRef Name;
  /// What makes it so, for people: `--wrap=f`, `PROVIDE in l.ld:3`. Empty
  /// where it is the name itself.
  std::string By;
};

class LinkFacts {
public:
  /// As `-o` names it, else `a.out`.
  std::string Output;
  /// The files that it reads, in order: those named on the command line and by
  /// scripts, and archives found for `-l`. Shared objects and linker scripts
  /// may be among them; whoever reads a file sees what it is.
  std::vector<std::string> Inputs;
  std::vector<std::string> SharedLibraries; ///< Found for `-l`, in order.
  /// Both, in the order in which symbols are resolved.
  std::vector<ResolvedFile> Resolved;
  /// Names that are kept where a file that is linked defines them (`--init`,
  /// `--fini`), for which no archive is searched.
  std::vector<std::string> KeptIfLinked;
  /// A compiler driver adds start-up files and libraries that are not in
  /// Inputs, and whose references are not known.
  bool HasMoreInputs = false;
  OutputKind Kind = OutputKind::Executable;
  /// The command line says which kind. A compiler driver has a default of its
  /// own for PIE.
  bool IsKindKnown = true;
  bool IsStatic = false; ///< `-static`, of the last that says it.
  SymbolicKind Symbolic = SymbolicKind::None;
  bool ExportsDynamic = false; ///< `--export-dynamic`.
  /// `--fat-lto-objects`: of an object with bitcode in it the bitcode counts.
  bool TakesFatBitcode = false;
  bool HasDynamicList = false;      ///< Then others are bound as by -Bsymbolic.
  std::vector<std::string> Wrapped; ///< `--wrap`.
  std::vector<std::string> Scripts; ///< `-T` and scripts among the inputs.
  std::vector<std::string> ExcludedLibs; ///< `--exclude-libs`.
  std::string SymbolOrderFile, CacheFolder;
  std::string CodeModel; ///< `small`, …; empty where the modules say it.
  /// The word that names a file, by the file's path.
  llvm::StringMap<CommandWord> Named;
  ScriptFacts Script;

  unsigned LTOLevel = 2; ///< `--lto-O`: of the passes of LTO, 0 to 3.
  /// `--lto-CGO`: of LTO's code generation; nothing where LTOLevel says it.
  std::optional<unsigned> LTOEffort;

  /// Of LTO's code generation, 0 to 3.
  unsigned codegenEffort() const;

  /// The relocation model that LTO compiles for: true for position-independent
  /// code, nothing for `-r`, where each module says it itself.
  std::optional<bool> isPositionIndependent() const;

  /// Where a reference to the global symbol \p Name goes. \p IsDefined says
  /// whether an input defines a name, so that PROVIDE does not. The result
  /// lives as long as this and \p Name.
  BoundName bind(llvm::StringRef Name,
                 llvm::function_ref<bool(llvm::StringRef)> IsDefined) const;

  /// The names that bind() may give another answer for than themselves. In the
  /// order of the command line and the scripts.
  llvm::ArrayRef<std::string> reboundNames() const { return Rebound; }

  /// May another module's definition take the place of \p D when the program
  /// runs, so that a branch to it goes to the PLT? Binding::Definition,
  /// Interposable, or NotKnown.
  Binding bindingOf(const GlobalDefinition &D) const;

  /// Does the link keep \p D whatever its own modules refer to: its entry, a
  /// name that it is asked for, a dynamic symbol, all globals before the last
  /// link?
  bool keeps(const GlobalDefinition &D) const;

  /// Returns true if the link's scripts lay the output out and none of their
  /// output sections gathers an input section \p Section, so that the linker
  /// chooses a place for it (an orphan). False before the last link, and where
  /// a script was not understood.
  bool isOrphan(llvm::StringRef Section) const;

  /// To be called once, after the members are filled.
  void finish();

  LinkFacts() = default;
  LinkFacts(LinkFacts &&) = default;
  LinkFacts &operator=(LinkFacts &&) = default;

private:
  bool isLocalByVersion(llvm::StringRef Name) const;
  void readGathered();

  std::vector<std::string> Rebound;
  llvm::StringMap<std::string> Wraps;      ///< `__wrap_f` by `f`.
  llvm::StringMap<uint32_t> Made;          ///< The last in Script.Symbols.
  std::vector<llvm::GlobPattern> Gathered; ///< By output sections.
};

/// Reads the command line of an ELF linker: \p Arguments without the program's
/// name. Response files are expanded; fails where one cannot be read. What else
/// is not understood is in Script.Unread.
llvm::Expected<LinkFacts>
parseLinkCommand(llvm::ArrayRef<CommandWord> Arguments);

/// Likewise for \p Words with the program's name first, which may also be a
/// compiler driver that links, behind `ccache` and its like. Fails where it is
/// neither.
llvm::Expected<LinkFacts> readLinkFacts(llvm::ArrayRef<CommandWord> Words);

} // namespace section_placement

#endif // SECTION_PLACEMENT_LINK_LINKFACTS_H
