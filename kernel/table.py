#!/usr/bin/env python3
# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The table of the kernel lane: what each step recorded, or that it did not run.

    table.py RESULTS [CONFIGURATION/STEP...]

RESULTS has a folder for each configuration, and in it a file for each step. With
steps, their rows alone.
"""

import pathlib
import sys

CONFIGURATIONS = {
    "thin": "ThinLTO, LLVM 22",
    "thin-instrumented": "ThinLTO, KASAN, KCOV, UBSAN and lockdep, LLVM 22",
    "full": "full LTO, LLVM 22",
    "thin-llvm-19": "ThinLTO, LLVM 19",
    "riscv": "RISC-V, ThinLTO, LLVM 22",
    "x86": "x86, ThinLTO, LLVM 22",
}
STEPS = {
    "plain": "without the plugin",
    "kvm-entry": "`kvm-entry.yaml`",
    "kvm-entry-boot-vhe": "… booted, VHE",
    "kvm-entry-boot-nvhe": "… booted, nVHE",
    "kvm-entry-same": "… what else moved",
    "by-name": "`kvm-hyp-panic-in-text.yaml`",
    "by-name-same": "… what else moved",
    "short-branches": "`short-branches.yaml`",
    "opt-out": "`kvm-hyp-opt-out.yaml`",
    "opt-out-boot-vhe": "… booted, VHE",
    "opt-out-boot-nvhe": "… booted, nVHE",
    "annotation": "`kvm-hyp-annotated.yaml`",
    "without-lto": "the directory compiled without LTO",
    "opt-out-like": "… functions as `kvm-hyp-opt-out.yaml` makes them",
    "scan": "short branches of its assembly, scanned by `suggest`",
    "riscv-entry": "`riscv-entry.yaml`",
    "riscv-entry-boot": "… booted",
    "riscv-entry-same": "… what else moved",
    "in-lto": "`arch/x86/power/cpu.o` in LTO, no policy",
    "eager": "… where LTO may import 100 instructions, not 5",
    "eager-power-cpu": "… and with `x86-power-cpu.yaml`",
    "power-cpu": "`arch/x86/power/cpu.o` in LTO, with `x86-power-cpu.yaml`",
    "power-cpu-boot": "… booted, suspended, woken",
    "power-cpu-same": "… what else moved",
    "flags": "… the plugin in every compile and link, by `flags --for kbuild`",
    "flags-same": "… what that has changed",
    "modules": "modules, with `modules.yaml`",
    "modules-rebuild": "… what a changed policy rebuilds",
    "cost": "cost of the `vmlinux.o` link",
    "cost-without-lto": "… with the directory out of LTO",
    "cost-module": "cost of one module's backend",
    "rebuild": "what a changed policy rebuilds",
}
THREAD = [step for step in STEPS if step == "plain" or step.startswith("kvm-entry")]
PATCHES = [step for step in STEPS if step.startswith(("by-name", "opt-out")) and step != "opt-out-like"]
OTHER = ["short-branches", "annotation", "without-lto", "opt-out-like", "modules",
         "modules-rebuild"]
COST = ["cost", "cost-without-lto", "cost-module", "rebuild"]
RISCV = ["plain", "scan", "riscv-entry", "riscv-entry-boot", "riscv-entry-same"]
X86 = ["plain", "in-lto", "eager", "eager-power-cpu", "power-cpu", "power-cpu-boot",
       "power-cpu-same", "flags", "flags-same"]
STEPS_OF = {
    "thin": THREAD + PATCHES + OTHER + COST,
    "full": THREAD + PATCHES + ["modules", "modules-rebuild"],
    "riscv": RISCV,
    "x86": X86,
}


def steps_of(configuration):
    """In the order of STEPS."""
    mine = STEPS_OF.get(configuration, THREAD + PATCHES)
    return [step for step in STEPS if step in mine]


def main():
    results, only = pathlib.Path(sys.argv[1]), set(sys.argv[2:])
    if not only:
        print("<!-- Written by ./bootstrap.sh kernel. -->\n")
        print("# What the kernel lane printed\n")
    print("| configuration | step | result |\n| --- | --- | --- |")
    for configuration, title in CONFIGURATIONS.items():
        mine = [s for s in steps_of(configuration) if not only or f"{configuration}/{s}" in only]
        if only and not mine:
            continue
        if not any((results / configuration).glob("*")):
            print(f"| {title} | all | not run |")
            continue
        for step in mine:
            cell = results / configuration / step
            text = cell.read_text("utf-8").strip() if cell.is_file() else "not run"
            print(f"| {title} | {STEPS[step]} | {'<br>'.join(text.splitlines())} |")


if __name__ == "__main__":
    main()
