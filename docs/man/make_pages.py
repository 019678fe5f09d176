"""Makes the man pages, at build time.

    make_pages.py OPTION-TABLE SOURCE-FOLDER OUTPUT-FOLDER

OPTION-TABLE is what `section-placement print-option-table` printed. Each
docs/man/PAGE.in gives a page of its name: its text, with names, synopsis,
options, exit codes and examples out of the table, so that none of them can
differ from --help. An `@option NAME` block says more of an option than --help
does; one of an option that there is not is an error. section-placement-policy(5)
is docs/policy-language.md.
"""

import json
import os
import re
import sys

LICENCE = """.\\" Part of the section-placement project, under the Apache License v2.0 with
.\\" LLVM Exceptions. See LICENSE for license information.
.\\" SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""
# The page of a subcommand that docs/man says nothing of.
BARE = LICENCE + """.Dd November 28, 2026
.Dt SECTION-PLACEMENT-%s 1
.Os
@name
@synopsis
@options
@end
@exit-status
@examples
.Sh SEE ALSO
.Xr section-placement 1
"""


def plain(text):
    """Text that mdoc shows as it is, also at the begin of a line."""
    text = text.replace("\\", "\\e")
    return "\\&" + text if text[:1] in (".", "'") else text


def sentence(text):
    return plain(text[0].upper() + text[1:] + ("" if text.endswith(".") else "."))


# --- the pages of the tool ---------------------------------------------------


def flag(option):
    dash = "" if len(option["name"]) == 1 else "-"
    if not option["value"]:
        return "Fl %s%s" % (dash, option["name"])
    value = option["value"].replace("...", " ...")
    if option["mayLackValue"]:
        return "Fl %s%s Ns Op = Ns Ar %s" % (dash, option["name"], value)
    return "Fl %s%s Ar %s" % (dash, option["name"], value)


def synopsis(command):
    lines = [".Sh SYNOPSIS", ".Nm section-placement %s" % command["name"]]
    lines += ["." + flag(o) for o in command["options"] if o["isRequired"]]
    lines += [".Op " + flag(o) for o in command["options"] if not o["isRequired"]]
    for argument in command["arguments"]:
        name = argument.strip("[]").replace("...", " ...")
        lines.append((".Op Ar " if argument.startswith("[") else ".Ar ") + name)
    if any(o["name"] == "link-command" for o in command["options"]):
        lines.append(".Op Fl - Ar LINK ...")
    return lines


def options(command, details):
    lines = [".Sh OPTIONS", ".Bl -tag -width Ds"]
    lines += [".It Fl -help , Fl -help-list", "Print the options and an example."]
    for option in command["options"]:
        lines += [".It " + flag(option), sentence(option["text"])]
        lines += details.get(option["name"], [])
    return lines + [".El"]


def example_and_codes(command):
    example, codes = command["example"].split("EXIT CODES:\n")
    return example.split("EXAMPLE:\n")[1].strip("\n").split("\n"), codes


def exit_status(command):
    lines = [".Sh EXIT STATUS", ".Bl -tag -width Ds"]
    for code, text in re.findall(r"^  (\d)  (.*(?:\n {5}.*)*)", example_and_codes(command)[1], re.MULTILINE):
        lines += [".It " + code, sentence(re.sub(r"\s+", " ", text))]
    return lines + [".El"]


def examples(command):
    lines = [".Sh EXAMPLES", ".Bd -literal -offset Ds"]
    lines += [plain(re.sub("^  ", "", line)) for line in example_and_codes(command)[0]]
    return lines + [".Ed"]


def details_in(text, end=None):
    """The @option blocks of a template, by their options."""
    result, name = {}, None
    for line in text.split("\n"):
        if line.startswith("@option "):
            name = line.split()[1]
            result[name] = []
        elif line == "@end":
            name = None
        elif name:
            result[name].append(line)
    return result


def page(template, table, shared):
    command = None
    for c in table:
        if ".Dt SECTION-PLACEMENT-%s 1" % c["name"].upper() in template:
            command = c
    own = details_in(template)
    if command:
        unknown = set(own) - {o["name"] for o in command["options"]}
        if unknown:
            sys.exit("make_pages: section-placement %s has no option %s" % (command["name"], sorted(unknown)))
    out, is_detail = [], False
    for line in template.rstrip("\n").split("\n"):
        if line == "@end":
            is_detail = False
        elif line == "@options":
            out += options(command, dict(shared, **own))
            is_detail = True
        elif is_detail:
            pass
        elif line == "@name":
            out += [".Sh NAME", ".Nm section-placement-%s" % command["name"]]
            out.append(".Nd " + command["text"][0].lower() + command["text"][1:])
        elif line == "@synopsis":
            out += synopsis(command)
        elif line == "@exit-status":
            out += exit_status(command)
        elif line == "@examples":
            out += examples(command)
        elif line == "@subcommands":
            out.append(".Bl -tag -width suggest")
            for c in table:
                out += [".It Cm " + c["name"], sentence(c["text"]), "See", ".Xr section-placement-%s 1 ." % c["name"]]
            out.append(".El")
        elif line.startswith("@"):
            sys.exit("make_pages: what is %s?" % line)
        else:
            out.append(line)
    return "\n".join(out) + "\n"


# --- section-placement-policy(5) ----------------------------------------------


def inline(text):
    """Markdown within a paragraph, as roff escapes."""
    text = text.replace("\\", "\\e")
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\*\*([^*]+)\*\*", r"\\fB\1\\fP", text)
    text = re.sub(r"``? ?(.+?) ?``?", r"\\fB\1\\fP", text)
    text = re.sub(r"(?<![\w*\\])\*([\w-]+)\*(?!\w)", r"\\fI\1\\fP", text)
    lines = re.sub(r"([.!?][)\"]?) (?=[A-Z`\\(])", r"\1\n", text).split("\n")  # As mdoc wants them.
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in lines)


def cells(line):
    """The cells of a table's row; `a|b` within code is written a\\|b."""
    row = [c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
    return [inline(c) for c in row]


def policy_page(markdown):
    out = [LICENCE + ".Dd November 28, 2026", ".Dt SECTION-PLACEMENT-POLICY 5", ".Os", ".Sh NAME",
           ".Nm section-placement-policy", ".Nd the policy language of section-placement", ".Sh DESCRIPTION"]
    lines = markdown.rstrip("\n").split("\n")[1:] + [""]
    i, is_new = 0, True
    while i < len(lines):
        line = lines[i]
        if line.startswith("```") or re.match(r" {4}\S", line):
            is_fenced = line.startswith("```")
            out.append(".Bd -literal -offset Ds")
            if is_fenced:
                i += 1
            while i < len(lines) and (not lines[i].startswith("```") if is_fenced else lines[i].startswith("    ")):
                out.append(plain(lines[i] if is_fenced else lines[i][4:]))
                i += 1
            i += is_fenced
            out.append(".Ed")
            is_new = True
            continue
        if line.startswith("#"):
            depth, title = re.match(r"(#+) (.*)", line).groups()
            out.append((".Sh " + re.sub("`", "", title).upper() if len(depth) == 2 else ".Ss " + re.sub("`", "", title)))
            is_new = False
        elif line.startswith("|"):
            out.append(".Bl -tag -width Ds")
            i += 2
            while lines[i].startswith("|"):
                row = cells(lines[i])
                out.append(".It " + (" ".join(row[:-1]).replace("\n", " ") or "\\&"))
                out += [row[-1]] if row[-1] else []
                i += 1
            out.append(".El")
            is_new = True
            continue
        elif re.match(r"(- |\d+\. )", line):
            out.append(".Bl -bullet")
            while re.match(r"(- |\d+\. |  +\S)", lines[i]):
                item = re.match(r"(?:- |\d+\. )(.*)", lines[i])
                if item:
                    out.append(".It")
                out.append(inline(item.group(1) if item else lines[i].strip()))
                i += 1
            out.append(".El")
            is_new = True
            continue
        elif line.strip():
            if is_new and not out[-1].startswith((".Sh", ".Ss")):
                out.append(".Pp")
            out.append(inline(line))
            is_new = False
        else:
            is_new = True
        i += 1
    out += [".Sh SEE ALSO", ".Xr section-placement 1 ,", ".Xr section-placement-check 1"]
    return "\n".join(out) + "\n"


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        table = json.load(f)
    source, output = sys.argv[2:]
    pages = os.path.join(source, "docs", "man")
    os.makedirs(output, exist_ok=True)

    def read(*path):
        with open(os.path.join(*path), encoding="utf-8") as f:
            return f.read()

    def write(name, text):
        with open(os.path.join(output, name), "w", encoding="utf-8") as f:
            f.write(text)

    shared = details_in(read(pages, "shared-options.in"))
    for command in table:
        write("section-placement-%s.1" % command["name"], page(BARE % command["name"].upper(), table, shared))
    for name in sorted(os.listdir(pages)):
        if name.endswith(".1.in"):
            write(name[: -len(".in")], page(read(pages, name), table, shared))
    write("section-placement-policy.5", policy_page(read(source, "docs", "policy-language.md")))


main()
