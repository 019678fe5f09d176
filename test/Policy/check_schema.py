# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks that the schema of the policy language and its corpus agree.

    check_schema.py SCHEMA INPUTS

INPUTS holds two folders of policies: `good` must pass the schema, `bad-shape`
must not, and each file there must fail for one fault only. Prints a line a file, sorted, and exits with 1 on any surprise.

A schema judges what a YAML reader made of the file, and readers differ: in
YAML 1.1 `on` is the boolean true, in YAML 1.2 and in LLVM's reader it is a
word. Editors use either, so every file is read both ways and must get the same
verdict.

It also checks what an editor needs of the schema (a description for each key,
no key let in unseen), and that the good policies use every key and every
listed value, so that a new one cannot come without its example.
"""

import json
import pathlib
import re
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    sys.exit(f"{missing}: install python3-jsonschema and python3-yaml")

FOLDERS = {"good": True, "bad-shape": False}


class Yaml11(yaml.SafeLoader):
    """PyYAML as it is."""


class Yaml12(yaml.SafeLoader):
    """PyYAML with the plain words of YAML 1.2's core schema."""

    yaml_implicit_resolvers = {}


def teach_core_schema():
    # Each with the letters that it may begin with; "" is that of no word.
    digits = list("-+0123456789")
    words = {
        "null": (["", *"~nN"], r"(?:~|null|Null|NULL|)$"),
        "bool": (list("tTfF"), r"(?:true|True|TRUE|false|False|FALSE)$"),
        "int": (digits, r"[-+]?[0-9]+$"),
        "float": (
            [*digits, "."],
            r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$",
        ),
    }
    for tag, (letters, pattern) in words.items():
        Yaml12.add_implicit_resolver(
            f"tag:yaml.org,2002:{tag}", re.compile(pattern), letters
        )


def place(error):
    return "/".join(str(step) for step in error.absolute_path) or "top level"


def faults(validator, policy):
    """What is wrong with a policy: one `place: message` a fault, sorted."""
    return sorted(
        f"{place(error)}: {error.message}"
        for error in validator.iter_errors(policy)
    )


def judge(text, passes, validator):
    """Whether a file is what its folder says, and why or why not."""
    if not passes and not re.match(r"# \S", text):
        return False, "the first line is no comment that says the fault"
    for loader in (Yaml11, Yaml12):
        try:
            found = faults(validator, yaml.load(text, Loader=loader))
        except yaml.YAMLError as error:
            # The corpus is about shapes: a syntax error proves nothing.
            return False, f"not readable as YAML: {error}"
        told = "; ".join(found)
        if passes and found:
            return False, f"refused as {loader.__name__}: {told}"
        if not passes and len(found) != 1:
            told = told or "none"
            return False, f"wants one fault as {loader.__name__}: {told}"
    return True, told


def check_corpus(validator, inputs):
    """Judges each file. Gives the number of surprises and the good policies."""
    bad, policies = 0, []
    for folder, passes in FOLDERS.items():
        files = sorted((inputs / folder).glob("*"))
        if not files:
            # An empty folder would pass for a corpus without faults.
            print(f"FAIL {folder}: no files")
            bad += 1
        for file in files:
            fine, why = False, "not a .yaml file"
            if file.suffix == ".yaml":
                text = file.read_text(encoding="utf-8")
                fine, why = judge(text, passes, validator)
                if fine and passes:
                    policies.append(yaml.load(text, Loader=Yaml12))
            bad += not fine
            why = f": {why}" if why else ""
            print(f"{'ok  ' if fine else 'FAIL'} {folder}/{file.name}{why}")
    return bad, policies


def subschemas(schema, where="#"):
    """The schema and all within it, each with its place."""
    if isinstance(schema, dict):
        yield where, schema
        for key, value in schema.items():
            yield from subschemas(value, f"{where}/{key}")
    elif isinstance(schema, list):
        for index, value in enumerate(schema):
            yield from subschemas(value, f"{where}/{index}")


def maps(schema):
    """The subschemas that say which keys a map of the policy has."""
    for where, part in subschemas(schema):
        # What stands in a condition only narrows a map that is said elsewhere.
        conditional = {"if", "then", "else"} & set(where.split("/"))
        if "properties" in part and not conditional:
            yield where, part


def check_editor_needs(schema):
    """Each key described, and no map that lets unknown keys in."""
    bad = 0
    for where, part in maps(schema):
        if part.get("additionalProperties") is not False:
            print(f"FAIL schema {where}: lets unknown keys in")
            bad += 1
        for key, value in part["properties"].items():
            if not value.get("description"):
                print(f"FAIL schema {where}: `{key}` has no description")
                bad += 1
    return bad


def used(value, keys, words):
    """Collects the keys and the scalars of a policy."""
    if isinstance(value, dict):
        keys.update(value)
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            used(item, keys, words)
    else:
        words.add(str(value))


def check_coverage(schema, policies):
    """Each key and each listed value of the schema stands in a good policy."""
    keys, words = set(), set()
    used(policies, keys, words)
    missing = []
    for where, part in maps(schema):
        listed = part["properties"]
        missing += [(where, key) for key in listed if key not in keys]
    for where, part in subschemas(schema):
        listed = [part["const"]] if "const" in part else part.get("enum", [])
        missing += [(where, word) for word in listed if str(word) not in words]
    for where, what in missing:
        print(f"FAIL schema {where}: no good policy has `{what}`")
    return len(missing)


def main(schema_path, inputs):
    teach_core_schema()
    schema = json.loads(pathlib.Path(schema_path).read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    bad, policies = check_corpus(validator, pathlib.Path(inputs))
    bad += check_editor_needs(schema)
    bad += check_coverage(schema, policies)
    print(f"{bad} surprises")
    return 1 if bad else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: check_schema.py SCHEMA INPUTS")
    sys.exit(main(sys.argv[1], sys.argv[2]))
