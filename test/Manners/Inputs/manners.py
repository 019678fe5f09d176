"""Compares what --help says with man pages and completions.

    manners.py SOURCE-FOLDER
"""

import os
import re
import subprocess
import sys

SOURCE = sys.argv[1]
missing = []


def read(*path):
    path = os.path.join(SOURCE, *path)
    if not os.path.exists(path):
        missing.append(path)
        return ""
    with open(path, encoding="utf-8") as f:
        return f.read()


def help_of(*words):
    done = subprocess.run(["section-placement", *words, "--help"], check=True, capture_output=True, text=True)
    return done.stdout


def want(what, pattern, text):
    if not re.search(pattern, text, re.MULTILINE):
        missing.append(what)


def options_of(text):
    """`  --image=<FILE>  - …` and `  -o <FILE>  - …`, by their names."""
    return re.findall(r"^  -{1,2}([a-z][a-z-]*)[ =].* - ", text, re.MULTILINE)


bash = read("tools", "completions", "section-placement.bash")
zsh = read("tools", "completions", "_section-placement")
fish = read("tools", "completions", "section-placement.fish")
overview = read("docs", "man", "section-placement.1")

commands = re.findall(r"^  ([a-z]+) +- ", help_of().split("OPTIONS:")[0], re.MULTILINE)
if not {"check", "report", "why"} <= set(commands):
    missing.append("subcommands in --help: there are %s" % commands)
for command in commands:
    text = help_of(command)
    want(command + ": an example in --help", r"section-placement %s " % command, text)
    want(command + ": its line in section-placement.1", r"^\.It Cm %s$" % command, overview)
    want(command + ": bash", r'^    mapfile .*\b%s\b' % command, bash)
    want(command + ": zsh", r"^    '%s:" % command, zsh)
    want(command + ": fish", r"-a %s\b" % command, fish)
    page = read("docs", "man", "section-placement-%s.1" % command)
    of_bash = "".join(re.findall(r"^  %s\) options=.*$" % command, bash, re.MULTILINE)) + "--help --help-list"
    of_zsh = "".join(re.findall(r"^  %s\)$.*?;;" % command, zsh, re.MULTILINE | re.DOTALL))
    of_zsh += "--help[ --help-list["
    options = options_of(text)
    if "help" not in options:
        missing.append(command + ": no options were read off --help")
    for option in options:
        dashes = "-" if len(option) == 1 else "--"
        name = "%s: %s%s: " % (command, dashes, option)
        want(name + "man page", r"Fl %s%s\b(?!-)" % (dashes[1:], option), page)
        want(name + "bash", r"%s%s\b(?!-)" % (dashes, option), of_bash)
        want(name + "zsh", r"%s%s\[" % (dashes, option), of_zsh)
        letter = "-s" if len(option) == 1 else "-l"
        of_fish = [l for l in fish.splitlines() if "is %s'" % command in l or option.startswith("help")]
        want(name + "fish", r"%s %s\b(?!-)" % (letter, option), "\n".join(of_fish))

for line in missing:
    print("missing: " + line)
print("%d things missing" % len(missing))
