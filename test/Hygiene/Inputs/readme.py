"""The README and docs/ against what really happens:

    readme.py demo README OUTPUT      its console block against the demo's output
    readme.py commands ROOT           its commands against bootstrap.sh and .ci/run
    readme.py messages ROOT FILE      messages of a table against the sources
    readme.py policies FILE... FOLDER writes each policy that they show into FOLDER

Prints what does not agree, and exits 1 if anything does not.
"""

import pathlib
import re
import sys

WIDTH = 80
COMMANDS = ("./bootstrap.sh demo", "./bootstrap.sh test")


def demo(readme, output):
    """Every line of the block stands in the output, in the block's order; a `…`
    stands for what was left out of a line."""
    blocks = re.findall(r"^```console\n\$ \./bootstrap\.sh demo\n(.*?)^```$", readme, re.M | re.S)
    if len(blocks) != 1:
        yield f"{len(blocks)} blocks begin with '$ ./bootstrap.sh demo'; one was expected"
        return
    printed = output.splitlines()
    at = 0
    for line in blocks[0].splitlines():
        if len(line) > WIDTH:
            yield f"wider than {WIDTH} columns: {line}"
        pattern = re.compile(".+".join(re.escape(part.strip()) for part in line.split("…")))
        indent = len(line) - len(line.lstrip())
        for number in range(at, len(printed)):
            shown = printed[number]
            if len(shown) - len(shown.lstrip()) == indent and pattern.fullmatch(shown.strip()):
                at = number + 1
                break
        else:
            yield f"the demo does not print: {line}"


def demo_files(readme, output):
    return demo(pathlib.Path(readme).read_text("utf-8"), pathlib.Path(output).read_text("utf-8"))


def commands(root):
    """The commands that the README promises are there, and CI runs them."""
    root = pathlib.Path(root)
    readme = (root / "README.md").read_text("utf-8")
    bootstrap = (root / "bootstrap.sh").read_text("utf-8")
    steps = (root / ".ci/run").read_text("utf-8").splitlines()
    for command in COMMANDS:
        if not re.search(rf"^    {re.escape(command)}\b", readme, re.M):
            yield f"README.md does not give '{command}'"
        if command not in steps:
            yield f".ci/run does not run '{command}'"
    for word in sorted(set(re.findall(r"\./bootstrap\.sh ([\w-]+)", readme))):
        if not re.search(rf"^{word}\)$", bootstrap, re.M):
            yield f"bootstrap.sh has no '{word}', which README.md gives"
    for link in sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)", readme))):
        if not (root / link).is_file():
            yield f"README.md links {link}, which is not there"


# What makes a message of product code, up to its bracket.
MAKERS = re.compile(
    r"\b(?:errorAt|errorIn|plainError|damage|failAt|fail|notKnown|notExpressed|diagnose|emitTold"
    r"|noteTold|printNote|printError|createStringError|F\.add(?:UnknownKey)?"
    r"|(?:Told|Notes|Messages|NotSeen|Unmet|Lines|Broken|Unread|Unknown)\.push_back)\("
)
# In Explain, what a function returns is a message or a part of one.
RETURNS = re.compile(r'\breturn\b(?:[^;{}"]|"(?:\\.|[^"\\])*")*[;}]')
# Text of an output: comments in a policy that is written, and a verdict's counts.
NO_MESSAGES = ("RuleComments.cpp", "PrintVerdict.cpp")


def joined_code(path):
    """Without comments and includes; adjacent literals are one."""
    code = re.sub(r"^\s*#.*$|//.*", "", path.read_text("utf-8"), flags=re.M)
    return re.sub(r'(?<!\\)"\s*"', "", code)


def bracketed(code, at):
    """The text from the bracket at `at` to the one that closes it."""
    depth = 0
    for match in re.compile(r'"(?:\\.|[^"\\])*"|[()]').finditer(code, at):
        depth += {"(": 1, ")": -1}.get(match.group(), 0)
        if depth == 0:
            return code[at : match.end()]
    return code[at:]


def messages_of(path):
    """What each maker says, `…` for what is no literal. A piece of fewer than
    three words is no sentence."""
    code = joined_code(path)
    statements = [bracketed(code, m.end() - 1) for m in MAKERS.finditer(code)]
    if "Explain" in path.parts:
        statements += RETURNS.findall(code)
    for statement in statements:
        pieces = re.findall(r'"((?:\\.|[^"\\])*)"', statement)
        if any(len(piece.split()) >= 3 for piece in pieces):
            yield re.sub(r"\\(.)", r"\1", "…".join(pieces))


def messages(root, table):
    """Each message of the first column is one of the sources' texts, and each
    message of the sources has a row that quotes ten characters of it or more."""
    paths = []
    for folder in ("plugin", "tools"):
        paths += sorted(pathlib.Path(root, folder).rglob("*.cpp"))
    said = "\n".join(joined_code(path).replace('\\"', '"') for path in paths)
    rows = re.findall(r"^\| (`.*?`) \| *\S", pathlib.Path(table).read_text("utf-8"), re.M)
    if not rows:
        yield f"{table}: has no messages"
    parts = []
    for row in rows:
        for message in re.findall(r"`([^`]*)`", row):
            parts += [part.strip() for part in message.split("…")]
    for part in parts:
        if part not in said:
            yield f"no source says: {part}"
    parts = [part for part in parts if len(part) >= 10]
    for path in paths:
        if path.name not in NO_MESSAGES:
            for message in messages_of(path):
                if not any(part in message for part in parts):
                    yield f"{path.relative_to(root)}: no row has: {message.strip()}"


def policies(*arguments):
    """Those of ```yaml blocks, one file each."""
    *documents, folder = arguments
    count = 0
    for document in documents:
        text = pathlib.Path(document).read_text("utf-8")
        for block in re.findall(r"^```yaml\n(version:.*?)^```$", text, re.M | re.S):
            count += 1
            name = f"{pathlib.Path(document).stem}-{count}.yaml"
            pathlib.Path(folder, name).write_text(block, "utf-8")
    if not count:
        yield "no policy is shown"


CHECKS = {
    "demo": demo_files,
    "commands": commands,
    "messages": messages,
    "policies": policies,
}


def main():
    check, *arguments = sys.argv[1:]
    found = list(CHECKS[check](*arguments))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
