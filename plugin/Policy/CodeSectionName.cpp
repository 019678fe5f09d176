//===- CodeSectionName.cpp - Names that a section of code can have --------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One table of the names that the toolchain gives a meaning. It is asked of
// what the policy writes, when it is read, and of what a template became, when
// it is applied.
//
//===----------------------------------------------------------------------===//

#include "section-placement/Policy/SectionTemplate.h"
#include "section-placement/Support/Error.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace section_placement {

namespace {
/// A name that the toolchain gives a meaning, and how it is compared.
struct TakenName {
  StringRef Name;
  enum class Form {
    Whole,  ///< `.init`, but not `.init.text`.
    Family, ///< By itself or before a dot: `.rela.text`, but not `.relocate`.
    Prefix, ///< With whatever follows: `.data1`, `.rodata.str1.1`.
  } Compare;
  enum class Meaning {
    Data,    ///< Linker scripts gather it as data, or strip drops it.
    Runs,    ///< The C run-time runs it from its first byte to its last.
    Tools,   ///< The compiler, the linker or a run-time library reads it.
    Label,   ///< The assembler or the linker takes it for a symbol of its own.
    Routine, ///< A symbol that the compiler may refer to after our passes.
  } What;

  bool holdsFor(StringRef Section) const {
    if (!Section.consume_front(Name))
      return false;
    return Compare == Form::Prefix || Section.empty() ||
           (Compare == Form::Family && Section.front() == '.');
  }
};
} // namespace

/// After the gABI's "Special Sections", the processor supplements, and what
/// LLVM, lld, GNU ld, the strip tools and the run-time libraries know by name.
static ArrayRef<TakenName> takenNames() {
  using F = TakenName::Form;
  using W = TakenName::Meaning;
  static const TakenName Names[] = {
      {".data", F::Prefix, W::Data},
      {".sdata", F::Prefix, W::Data},
      {".ldata", F::Prefix, W::Data},
      {".tdata", F::Prefix, W::Data},
      {".bss", F::Prefix, W::Data},
      {".sbss", F::Prefix, W::Data},
      {".lbss", F::Prefix, W::Data},
      {".tbss", F::Prefix, W::Data},
      {".rodata", F::Prefix, W::Data},
      {".srodata", F::Prefix, W::Data},
      {".lrodata", F::Prefix, W::Data},
      {".debug", F::Prefix, W::Data},
      {".zdebug", F::Prefix, W::Data},
      {".init_array", F::Family, W::Data},
      {".fini_array", F::Family, W::Data},
      {".preinit_array", F::Family, W::Data},
      {".ctors", F::Family, W::Data},
      {".dtors", F::Family, W::Data},
      {".jcr", F::Family, W::Data},
      {".eh_frame", F::Family, W::Data},
      {".eh_frame_hdr", F::Family, W::Data},
      {".eh_frame_entry", F::Family, W::Data},
      {".gcc_except_table", F::Family, W::Data},
      {".sframe", F::Family, W::Data},
      {".stack_sizes", F::Family, W::Data},
      {".got", F::Family, W::Data},
      {".igot", F::Family, W::Data},
      {".dynamic", F::Family, W::Data},
      {".dynsym", F::Family, W::Data},
      {".dynstr", F::Family, W::Data},
      {".dynbss", F::Family, W::Data},
      {".symtab", F::Family, W::Data},
      {".symtab_shndx", F::Family, W::Data},
      {".strtab", F::Family, W::Data},
      {".shstrtab", F::Family, W::Data},
      {".interp", F::Family, W::Data},
      {".comment", F::Family, W::Data},
      {".note", F::Family, W::Data},
      {".group", F::Family, W::Data},
      {".rel", F::Family, W::Data},
      {".rela", F::Family, W::Data},
      {".relr", F::Family, W::Data},
      {".crel", F::Family, W::Data},
      {".hash", F::Family, W::Data},
      {".gnu.hash", F::Family, W::Data},
      {".gnu.version", F::Family, W::Data},
      {".gnu.version_d", F::Family, W::Data},
      {".gnu.version_r", F::Family, W::Data},
      {".stab", F::Family, W::Data},
      {".stabstr", F::Family, W::Data},
      {".gdb_index", F::Family, W::Data},
      {".opd", F::Family, W::Data},
      {".toc", F::Family, W::Data},
      {".toc1", F::Family, W::Data},
      {".tocbss", F::Family, W::Data},
      {".branch_lt", F::Family, W::Data},
      {".common", F::Family, W::Data},
      {".tm_clone_table", F::Family, W::Data},
      {".init", F::Whole, W::Runs},
      {".fini", F::Whole, W::Runs},
      {".plt", F::Family, W::Tools},
      {".iplt", F::Family, W::Tools},
      {".glink", F::Family, W::Tools},
      {".llvm", F::Prefix, W::Tools},
      {".deplibs", F::Family, W::Tools},
      {".linker-options", F::Family, W::Tools},
      {".gnu.attributes", F::Family, W::Tools},
      {".gnu.build", F::Family, W::Tools},
      {".gnu.conflict", F::Family, W::Tools},
      {".gnu.liblist", F::Family, W::Tools},
      {".gnu.libstr", F::Family, W::Tools},
      {".gnu.linkonce", F::Family, W::Tools},
      {".gnu.prelink_undo", F::Family, W::Tools},
      {".gnu.sgstubs", F::Family, W::Tools},
      {".gnu.warning", F::Family, W::Tools},
      {".gnu.lto_", F::Prefix, W::Tools},
      {".gnu.debuglto_", F::Prefix, W::Tools},
      {".gnu_debug", F::Prefix, W::Tools},
      {".gnu_extab", F::Family, W::Tools},
      {".ARM", F::Family, W::Tools},
      {".AVR", F::Family, W::Tools},
      {".MIPS", F::Family, W::Tools},
      {".riscv.attributes", F::Family, W::Tools},
      {".hexagon.attributes", F::Family, W::Tools},
      {".csky.attributes", F::Family, W::Tools},
      {".msp430.attributes", F::Family, W::Tools},
      {".PPC", F::Family, W::Tools},
      {".reginfo", F::Family, W::Tools},
      {".mdebug", F::Family, W::Tools},
      {".pdr", F::Family, W::Tools},
      {".lit4", F::Family, W::Tools},
      {".lit8", F::Family, W::Tools},
      {".BTF", F::Family, W::Tools},
      {".SUNW_", F::Prefix, W::Tools},
      {".openbsd", F::Family, W::Tools},
      {".relro_padding", F::Family, W::Tools},
      {".kcfi_traps", F::Family, W::Tools},
      {".pseudo_probe", F::Prefix, W::Tools},
      {".callgraph", F::Family, W::Tools},
      {".stapsdt", F::Family, W::Tools},
      {"__llvm_", F::Prefix, W::Tools},
      {"__sancov_", F::Prefix, W::Tools},
      // clang's and LLVM's (AsmPrinter, XRay, Swift and Objective-C run-times).
      {"__patchable_function_entries", F::Whole, W::Tools},
      {"__obj", F::Prefix, W::Tools},
      {"swift5_", F::Prefix, W::Tools},
      // Linux: scripts/mod/modpost.c, include/asm-generic/vmlinux.lds.h.
      {"__mcount_loc", F::Whole, W::Tools},
      {"__ksymtab", F::Prefix, W::Tools},
      {"__kcrctab", F::Prefix, W::Tools},
      {"__kstrtab", F::Prefix, W::Tools},
      {"___ksymtab", F::Prefix, W::Tools},
      {"___kcrctab", F::Prefix, W::Tools},
      {"__versions", F::Whole, W::Tools},
      {"__version_ext_", F::Prefix, W::Tools},
      {"__param", F::Whole, W::Tools},
      {"__modver", F::Whole, W::Tools},
      {"__ex_table", F::Whole, W::Tools},
      {"__bug_table", F::Whole, W::Tools},
      {"__jump_table", F::Whole, W::Tools},
      {"__tracepoints", F::Prefix, W::Tools},
      {"__bpf_raw_tp_map", F::Whole, W::Tools},
      {"__dyndbg", F::Prefix, W::Tools},
      {"_error_injection_whitelist", F::Whole, W::Tools},
      {"_kprobe_blacklist", F::Whole, W::Tools},
      {"_ftrace_events", F::Whole, W::Tools},
      {"_ftrace_eval_map", F::Whole, W::Tools},
      // glibc: include/libc-symbols.h, libio/libioP.h, elf/.
      {"__libc_freeres_ptrs", F::Whole, W::Tools},
      {"__libc_IO_vtables", F::Whole, W::Tools},
      {"__libc_atexit", F::Whole, W::Tools},
      {"__libc_subfreeres", F::Whole, W::Tools},
      // Symbols that the linker makes (lld's ELF/Writer.cpp), and code
      // generation's references to them.
      {"_GLOBAL_OFFSET_TABLE_", F::Whole, W::Label},
      {"_DYNAMIC", F::Whole, W::Label},
      {"_PROCEDURE_LINKAGE_TABLE_", F::Whole, W::Label},
      {"_TLS_MODULE_BASE_", F::Whole, W::Label},
      {"_gp_disp", F::Whole, W::Label},
      {"__gnu_local_gp", F::Whole, W::Label},
      {"__global_pointer$", F::Whole, W::Label},
      {"__ehdr_start", F::Whole, W::Label},
      {"__executable_start", F::Whole, W::Label},
      {"__dso_handle", F::Whole, W::Label},
      {"__tls_get_addr", F::Whole, W::Label},
      // Routines that instrumentation calls from passes that run after ours
      // (compiler-rt's interfaces).
      {"__asan_", F::Prefix, W::Routine},
      {"__hwasan_", F::Prefix, W::Routine},
      {"__tsan_", F::Prefix, W::Routine},
      {"__msan_", F::Prefix, W::Routine},
      {"__dfsan_", F::Prefix, W::Routine},
      {"__nsan_", F::Prefix, W::Routine},
      {"__rtsan_", F::Prefix, W::Routine},
      {"__memprof_", F::Prefix, W::Routine},
      {"__sanitizer_", F::Prefix, W::Routine},
      {"__ubsan_", F::Prefix, W::Routine},
      {"__cfi_", F::Prefix, W::Routine},
      {"__kcfi_", F::Prefix, W::Routine},
      {"__xray_", F::Prefix, W::Routine},
      {"__profc_", F::Prefix, W::Routine},
      {"__profd_", F::Prefix, W::Routine},
      {"__gcov_", F::Prefix, W::Routine},
      {"__cyg_profile_func_", F::Prefix, W::Routine},
      {"OUTLINED_FUNCTION_", F::Prefix, W::Routine},
      {"__CLANG_OFFLOAD_BUNDLE__", F::Prefix, W::Tools},
      {"asan_globals", F::Whole, W::Tools},
      {"hwasan_globals", F::Whole, W::Tools},
      {"memtag_globals_static", F::Whole, W::Tools},
      {"sanmd_", F::Prefix, W::Tools},
      {"xray_instr_map", F::Whole, W::Tools},
      {"xray_fn_idx", F::Whole, W::Tools},
      {"llvm_offload_entries", F::Whole, W::Tools},
      {"omp_offloading_entries", F::Whole, W::Tools},
      {"COMMON", F::Whole, W::Tools},
      {"/DISCARD/", F::Whole, W::Tools},
      {".L", F::Prefix, W::Label},
      {"$", F::Prefix, W::Label},
      {"*", F::Prefix, W::Label},
  };
  return Names;
}

static StringRef explain(TakenName::Meaning What) {
  switch (What) {
  case TakenName::Meaning::Data:
    return "is no section of code: functions there would be executable data";
  case TakenName::Meaning::Runs:
    return "runs at the start or the end of the program, from its first byte "
           "to its last: a function there would be run into";
  case TakenName::Meaning::Tools:
    return "has a meaning of its own to the compiler, the linker or a run-time "
           "library";
  case TakenName::Meaning::Label:
    return "is a name that the assembler or the linker keeps for itself";
  case TakenName::Meaning::Routine:
    return "is the name of a routine that the compiler calls, and would be "
           "taken for the section";
  }
  return "";
}

/// What no section can be called.
static std::optional<std::string> nameFault(StringRef Name) {
  if (Name.empty())
    return std::string("a section name cannot be empty; write the name, as "
                       "'.text.hyp'");
  if (Name.find('\0') != StringRef::npos)
    return "section name " + inQuotes(Name) +
           " cannot hold a NUL; write a name, as '.text.hyp'";
  if (Name.find_first_of(" \t\n\v\f\r") != StringRef::npos)
    return "section name " + inQuotes(Name) +
           " cannot hold a blank; write a name, as '.text.hyp'";
  return std::nullopt;
}

/// What compilers call sections of variables.
static constexpr StringLiteral DataFamilies[] = {
    ".data", ".sdata",  ".ldata",   ".bss",    ".sbss",
    ".lbss", ".rodata", ".srodata", ".lrodata"};

std::optional<std::string> dataSectionFault(StringRef Name) {
  if (std::optional<std::string> Fault = nameFault(Name))
    return Fault;
  if (any_of(DataFamilies, [&](StringRef Family) {
        return Name == Family || (Name.take_front(Family.size()) == Family &&
                                  Name[Family.size()] == '.');
      }))
    return std::nullopt;
  StringRef Rest = Name;
  bool IsCode =
      Rest.consume_front(".text") && (Rest.empty() || Rest.front() == '.');
  const TakenName *Taken = find_if(
      takenNames(), [&](const TakenName &T) { return T.holdsFor(Name); });
  if (!IsCode && Taken == takenNames().end())
    return std::nullopt;
  return inQuotes(Name) +
         (IsCode || Taken->What == TakenName::Meaning::Runs
              ? " is a section of code"
              : " has a meaning of its own to the compiler, the linker or a "
                "run-time library") +
         "; use a name that begins with '.data.', '.rodata.' or '.bss.', or "
         "one "
         "of your own";
}

NamedContent namedContent(StringRef Section) {
  while (!Section.empty()) {
    auto [Part, Rest] = Section.split('.');
    Section = Rest;
    if (Part == "rodata" || Part == "srodata" || Part == "lrodata")
      return NamedContent::ReadOnly;
    if (Part == "data" || Part == "sdata" || Part == "ldata")
      return NamedContent::Written;
    if (Part == "bss" || Part == "sbss" || Part == "lbss" || Part == "noinit")
      return NamedContent::Zeros;
  }
  return NamedContent::Any;
}

bool isReadOnlyOnceLoaded(StringRef Section) {
  return (Section.consume_front(".data.rel.ro") ||
          Section.consume_front(".bss.rel.ro") ||
          Section.consume_front(".gnu.linkonce.d.rel.ro")) &&
         (Section.empty() || Section.front() == '.');
}

std::optional<std::string> codeSectionFault(StringRef Name) {
  if (std::optional<std::string> Fault = nameFault(Name))
    return Fault;
  for (const TakenName &Taken : takenNames())
    if (Taken.holdsFor(Name))
      return inQuotes(Name) + " " + explain(Taken.What).str() +
             "; use a name that begins with '.text', or one of your own";
  return std::nullopt;
}

} // namespace section_placement
