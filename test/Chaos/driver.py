#!/usr/bin/env python3
# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The compiler that a program's own build system calls: clang with the flags of
the try, which stand in a file.

    driver.py SETTINGS clang|clang++ ARGUMENT...

SETTINGS is JSON: `bin` (LLVM's programs), `tree` (the program's sources), `target`
(flags of every call), `compile`, `link` (what the try adds), `plugin_compile`
(flags where there is source code), `objects` (a folder for what LTO makes, or
null), `emulator` (what runs a linked program, or null), `sources` (a list that each
compiled file is added to).

With an emulator a linked program is a script that starts it: to the build system
and its tests this machine runs programs of the target.
"""

import json
import os
import pathlib
import shlex
import subprocess
import sys

SOURCES = (".c", ".cc", ".cpp", ".cxx")
# Who asks the compiler about itself gets what stock clang says.
QUESTIONS = {"-E", "-M", "-MM", "-v", "-V", "--version", "-dumpversion", "-dumpmachine", "-qversion", "-###"}


def output_of(words):
    for i, word in enumerate(words):
        if word == "-o":
            return pathlib.Path(words[i + 1])
        if word.startswith("-o") and len(word) > 2:
            return pathlib.Path(word[2:])
    return pathlib.Path("a.out")


def start_under(emulator, image):
    real = image.with_name(image.name + ".elf")
    image.replace(real)
    image.write_text(f'#!/bin/sh\nexec {emulator} {shlex.quote(str(real.absolute()))} "$@"\n')
    image.chmod(0o755)


def main():
    settings = json.loads(pathlib.Path(sys.argv[1]).read_text())
    compiler, words = sys.argv[2], sys.argv[3:]
    command = [f"{settings['bin']}/{compiler}", *settings["target"]]
    inputs = [w for w in words if not w.startswith("-") and pathlib.Path(w).is_file()]
    if QUESTIONS & set(words) or any(w.startswith("-print") for w in words) or not inputs:
        os.execv(command[0], [*command, *words])
    command += [w for w in words if w != "-Werror"] + ["-w", *settings["compile"]]
    sources = [w for w in inputs if w.endswith(SOURCES)]
    is_link = not {"-c", "-S"} & set(words)
    if sources:
        with open(settings["sources"], "a") as listed:
            for source in sources:
                listed.write(os.path.relpath(source, settings["tree"]) + "\n")
    if sources:
        command += settings["plugin_compile"]
    if not is_link:
        os.execv(command[0], command)
    command += [f"--ld-path={settings['bin']}/ld.lld", *settings["link"]]
    output = output_of(words)
    if settings["objects"]:
        command.append(f"-Wl,--lto-obj-path={settings['objects']}/{output.name}.o")
    done = subprocess.run(command)
    if done.returncode == 0 and settings["emulator"] and "-shared" not in words:
        start_under(settings["emulator"], output)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
