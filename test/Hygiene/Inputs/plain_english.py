"""Finds sentences that have to be read twice, where people read them: README,
docs, man pages, examples, policies, and the texts in the sources.

    plain_english.py ROOT
"""

import pathlib
import re
import sys

RIDDLES = {
    r"\b(is|are|be)\s+told\b": "is reported",
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
SOURCES = ("plugin/**/*.cpp", "tools/**/*.cpp")
LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"|R"~?\((.*?)\)~?"', re.S)

root, found, read = pathlib.Path(sys.argv[1]), 0, 0
for patterns, is_source in ((PAGES, False), (SOURCES, True)):
    for path in sorted(p for pattern in patterns for p in root.glob(pattern)):
        read += 1
        text = path.read_text("utf-8")
        if is_source:  # Its comments are blanked out, then all but its texts.
            text = re.sub(r"^\s*//.*$", "", text, flags=re.M)
            text = "\n".join(m.group() for m in LITERAL.finditer(text) if "include" not in m.group())
        for pattern, instead in RIDDLES.items():
            for match in re.finditer(pattern, text, re.I):
                found += 1
                print("%s: '%s': write '%s'" % (path.relative_to(root), " ".join(match.group().split()), instead))
print("%d riddles in %d files" % (found, read))
sys.exit(bool(found) or not read)
