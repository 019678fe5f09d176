"""Finds sentences that have to be read twice, where people read them: README,
docs, man pages, examples, policies, the texts in the sources, and their comments.

    plain_english.py ROOT
"""

import pathlib
import re
import sys

RIDDLES = {
    r"\b(is|are|be|was|were)\s+told\b(?!\s+apart)": "is reported",
    r"\btells?\s+of\b": "mentions",
    r"\bspeaks?\s+of\b": "mentions",
    r"\banew\b": "again, or rebuild, relink",
    r"\bstands?\s+above\b": "overrides",
    r"\bhas it not\b": "does not contain it",
    r"\bis no code section\b": "is not a code section",
    r"\bone word too many\b": "unexpected argument",
    r"\bcan mean nothing\b": "has no effect",
    r"\bnothing of ours\b": "the plugin does not run there",
    r"\bnothing can\s+be told\b": "cannot warn you",
    r"\btells the holes\b": "reports what it could not follow",
    r"\bremarks say\b": "a remark says",
}
PAGES = ("README.md", "docs/**/*.md", "docs/**/*.in", "docs/**/*.yaml", "examples/**/*.md", "examples/**/*.yaml")
SOURCES = tuple("%s/**/*.%s" % (folder, kind) for folder in ("plugin", "tools", "include") for kind in ("cpp", "h"))
LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"|R"~?\((.*?)\)~?"', re.S)

# Comments have the same, but for what is a riddle in a message only.
IN_COMMENTS = [r for r in RIDDLES if re.search("told|tells|speaks|anew|has it not", r)]
COMMENT = re.compile(r"//.*")


def report(path, text, patterns):
    count = 0
    for pattern in patterns:
        for match in re.finditer(pattern, text, re.I):
            count += 1
            print("%s: '%s': write '%s'" % (path, " ".join(match.group().split()), RIDDLES[pattern]))
    return count


root, found, read = pathlib.Path(sys.argv[1]), 0, 0
for patterns, is_source in ((PAGES, False), (SOURCES, True)):
    for path in sorted(p for pattern in patterns for p in root.glob(pattern)):
        read += 1
        text, name = path.read_text("utf-8"), path.relative_to(root)
        if is_source:
            comments = "\n".join(re.sub("^/*", "", m.group()) for m in COMMENT.finditer(text))
            found += report(name, comments, IN_COMMENTS)
            # Comments are blanked out, then all but the texts.
            text = re.sub(r"^\s*//.*$", "", text, flags=re.M)
            text = "\n".join(m.group() for m in LITERAL.finditer(text) if "include" not in m.group())
        found += report(name, text, RIDDLES)
print("%d riddles in %d files" % (found, read))
sys.exit(bool(found) or not read)
