"""llvm_23.py HEADERS OUT: writes into OUT those of LLVM 22's HEADERS that 23 has
otherwise, changed as 23 has them where our code sees it.

No package has LLVM 23, so this is what was read of it, and no more: a header
that is compiled against here says that our code for 23 is well-formed, not that
it works. Sources and dates: docs/build-systems/README.md, "LLVM 23"."""

import pathlib
import re
import sys

MIXINS = """
template <typename DerivedT>
struct RequiredPassInfoMixin : PassInfoMixin<DerivedT> {
  static bool isRequired() { return true; }
};
"""

# header, what stands in 22, what stands in 23. What 23 still has, but what does
# something else there, is [[deprecated]]: our code may not use it.
CHANGES = [
    ("Config/llvm-config.h", r"(#define LLVM_VERSION_MAJOR) 22", r"\1 23"),
    ("Config/llvm-config.h", r'(#define LLVM_VERSION_STRING "2)2', r"\g<1>3"),
    # 192120
    ("IR/PassManager.h", r"(struct PassInfoMixin \{.*?\n\};\n)", r"\1" + MIXINS),
    # 191596, 194280, 195032
    (
        "MC/MCContext.h",
        r"(explicit MCContext\(const Triple &TheTriple, const MCAsmInfo) \*MAI,\s+"
        r"const MCRegisterInfo \*MRI,\s+const MCSubtargetInfo \*MSTI,(\s+"
        r"const SourceMgr \*Mgr = nullptr,)\s+"
        r"MCTargetOptions const \*TargetOpts = nullptr,",
        r"\1 &MAI, const MCRegisterInfo &MRI, const MCSubtargetInfo &MSTI,\2",
    ),
    # 194120
    (
        "MC/TargetRegistry.h",
        r"(MCTargetAsmParser \*createMCAsmParser\(.*?MII),\s+"
        r"const MCTargetOptions &Options\) const \{.*?\n  \}\n",
        r"\1) const;\n",
    ),
    # 188184
    ("MC/MCStreamer.h", r"initSections\(bool NoExecStack, ", "initSections("),
    ("MC/MCELFStreamer.h", r"initSections\(bool NoExecStack, ", "initSections("),
    # 190519
    (
        "Support/DataExtractor.h",
        r"(  DataExtractor\(StringRef Data, bool IsLittleEndian), uint8_t AddressSize\)",
        r"\1) : Data(Data), IsLittleEndian(IsLittleEndian), AddressSize(0) {}\n"
        r"  [[deprecated]]\n\g<0>",
    ),
    ("Support/DataExtractor.h", r"  uint64_t getAddress\(", r"  [[deprecated]]\n\g<0>"),
    # 201849
    (
        "IR/GlobalValue.h",
        r"  GUID getGUID\(\) const",
        r"  GUID getGUIDOrFallback() const;\n  [[deprecated]]\n\g<0>",
    ),
    # 191363
    ("Passes/OptimizationLevel.h", r"  LLVM_ABI static const OptimizationLevel O[sz];", ""),
]


def main():
    headers, out = (pathlib.Path(argument) for argument in sys.argv[1:])
    for header, before, after in CHANGES:
        written = out / "llvm" / header
        source = written if written.exists() else headers / "llvm" / header
        text, count = re.subn(before, after, source.read_text(), flags=re.DOTALL)
        if not count:
            sys.exit(f"llvm_23.py: {source} has nothing like: {before}")
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(text)


main()
