"""Prints the lines of each --help that are wider than a terminal of 80 columns.
Those that LLVM's CommandLine library writes of its own are not ours to mend.
"""

import re
import subprocess

LIBRARY = re.compile(r"^  --help|to get more help on a specific subcommand$")


def help_of(*words):
    done = subprocess.run(["section-placement", *words, "--help"], check=True, capture_output=True, text=True)
    return done.stdout


top = help_of()
commands = re.findall(r"^  ([a-z]+) +- ", top.split("OPTIONS:")[0], re.MULTILINE)
wide = 0
for command, text in [("", top)] + [(c, help_of(c)) for c in commands]:
    for line in text.splitlines():
        if len(line) > 80 and not LIBRARY.search(line):
            wide += 1
            print("%s --help: %s" % (command, line))
print("%d of %d subcommands' lines are too wide" % (wide, len(commands)))
