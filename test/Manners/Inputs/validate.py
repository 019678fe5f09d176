# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a subcommand with --json and holds its output to its schema.

    validate.py SCHEMAS KIND EXIT COMMAND...

SCHEMAS is docs/schemas. The output must be what the schema KIND says, and what
JSON says of the exit code must be so, and be EXIT. Where the text goes to
standard error, it must be there.

    validate.py SCHEMAS

checks the schemas themselves: each key has a description, no object lets
unknown keys in, and one definition means the same in each of them.
"""

import json
import pathlib
import subprocess
import sys

import jsonschema


def objects(schema, where="#"):
    """The subschemas that say which keys an object has, each with its place."""
    if isinstance(schema, list):
        for index, value in enumerate(schema):
            yield from objects(value, f"{where}/{index}")
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "object":
        yield where, schema
    for key, value in schema.items():
        if key not in ("if", "then", "else"):
            yield from objects(value, f"{where}/{key}")


def check_schemas(folder):
    faults, known = [], {}
    for file in sorted(folder.glob("*.json")):
        schema = json.loads(file.read_text(encoding="utf-8"))
        jsonschema.Draft7Validator.check_schema(schema)
        for where, part in objects(schema):
            if part.get("additionalProperties") is not False:
                faults.append(f"{file.name} {where}: lets unknown keys in")
            for key, value in part["properties"].items():
                if not value.get("description") and "$ref" not in value:
                    faults.append(f"{file.name} {where}/{key}: no description")
        for name, value in schema.get("definitions", {}).items():
            if known.setdefault(name, value) != value:
                faults.append(f"{file.name}: '{name}' means something else")
    return faults


def check_output(folder, kind, code, command):
    run = subprocess.run(command, capture_output=True, check=False)
    faults = []
    if run.returncode != int(code):
        faults.append(f"exit code {run.returncode}, not {code}")
    try:
        output = json.loads(run.stdout)
    except ValueError as error:
        return [*faults, f"no JSON: {error}", run.stdout.decode()[:200]]
    schema = json.loads((folder / f"{kind}.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft7Validator(schema)
    for error in validator.iter_errors(output):
        place = "/".join(str(step) for step in error.absolute_path)
        faults.append(f"{place}: {error.message[:200]}")
    if output.get("exitCode") != run.returncode:
        faults.append("exitCode is not the exit code")
    if run.returncode and not run.stderr:
        faults.append("standard error says nothing")
    for error in output.get("errors", []):
        if error["text"].splitlines()[0].encode() not in run.stderr:
            faults.append(f"not on standard error: {error['text']}")
    return faults


def main():
    folder = pathlib.Path(sys.argv[1])
    if len(sys.argv) == 2:
        faults = check_schemas(folder)
    else:
        faults = check_output(folder, sys.argv[2], sys.argv[3], sys.argv[4:])
    for fault in faults:
        print(fault)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
