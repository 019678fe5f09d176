"""What a plugin asks of its host and gives to it:

    plugin_symbols.py TOOLS_DIR PLUGIN HOST...

TOOLS_DIR has llvm-nm and llvm-readelf; every HOST is a program that loads
PLUGIN. Prints one line for each of these that does not hold, and exits 1:

- each undefined symbol is one of the host's (its own or its libLLVM's), or of
  the C and C++ run-time libraries;
- all of them are bound when the plugin is loaded (-z now);
- it names no libLLVM of its own, and only those run-time libraries;
- it exports llvmGetPassPluginInfo, and nothing else;
- it has no copy of what LLVM knows by its address: a cast would find nothing.
"""

import re
import subprocess
import sys

ENTRY = "llvmGetPassPluginInfo"
# llvm::Any::TypeId<T>::Id. Up to 19 LLVM's headers make a copy wherever one is
# asked for.
IDENTITY = r"_ZN4llvm3Any6TypeIdI.*E2IdE"
RUNTIME = r"lib(stdc\+\+|c|m|gcc_s)\.so\.\d+|ld-linux-.*|ld64.*"


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def libraries(path):
    """What path is loaded with: name -> path, without the kernel's own."""
    found = re.findall(r"^\s*(\S+)(?: => (\S+))? \(0x", output("ldd", path), re.M)
    return {name: where or name for name, where in found if where or name[0] == "/"}


class Symbols:
    def __init__(self, tools):
        self.nm = f"{tools}/llvm-nm"

    def list(self, path, which):
        """(kind, name) of each dynamic symbol, its version taken off."""
        for line in output(self.nm, "-D", which, path).splitlines():
            kind, name = line.split()[-2:]
            yield kind, name.split("@")[0]

    def exports(self, path):
        return {name for _, name in self.list(path, "--defined-only")}


def breaches(tools, plugin, hosts):
    symbols = Symbols(tools)
    dynamic = output(f"{tools}/llvm-readelf", "-d", plugin)
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic)
    for name in needed:
        if not re.fullmatch(RUNTIME, name):
            yield f"needs {name}, which is no C or C++ run-time library"
    if not re.search(r"\(FLAGS_1\).*\bNOW\b", dynamic):
        yield "is not linked with -z now: a missing symbol would stop a link in its middle"

    exported = symbols.exports(plugin)
    for name in sorted(exported - {ENTRY}):
        yield f"exports {name}"
    for line in output(f"{tools}/llvm-nm", "--defined-only", plugin).splitlines():
        if re.fullmatch(IDENTITY, line.split()[-1]):
            yield f"has a copy of {line.split()[-1]}, which LLVM compares by address"
    if ENTRY not in exported:
        yield "does not export llvmGetPassPluginInfo: it is no plugin"

    runtime = set()
    for name, path in libraries(plugin).items():
        if re.fullmatch(RUNTIME, name.rsplit("/", 1)[-1]):
            runtime |= symbols.exports(path)
    wanted = {name for kind, name in symbols.list(plugin, "--undefined-only") if kind == "U"}
    if not any("llvm" in name for name in wanted):
        yield "asks nothing of LLVM: is this the plugin?"
    for host in hosts:
        given = symbols.exports(host)
        for name, path in libraries(host).items():
            if name.startswith("libLLVM"):
                given |= symbols.exports(path)
        for name in sorted(wanted - runtime - given):
            yield f"asks for {name}, which {host.rsplit('/', 1)[-1]} does not have"


def main():
    found = list(breaches(sys.argv[1], sys.argv[2], sys.argv[3:]))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
