# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the fuzz targets, --at-once of them side by side, and prints a table.

A target that has had its seconds is not run again: start the command again and
it goes on. What was found on the way stays in the corpus of the build folder.

With --runs each target has a number of inputs in place of a time, and a fixed
seed: the same inputs on every machine, fast or slow.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import corpus

# Milliseconds count where they are many; memory and time are what is promised.
LIMITS = ["-timeout=10", "-rss_limit_mb=1024", "-malloc_limit_mb=256"]


def prepare(target, llvm, folder):
    """Fills the corpus of TARGET and gives the options that name it."""
    seeds = folder / "corpus"
    seeds.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        for text in corpus.inputs(target, llvm, pathlib.Path(made)):
            (seeds / hashlib.sha1(text).hexdigest()).write_bytes(text)
    options = []
    words = corpus.words(target)
    if words:
        dictionary = folder / "words"
        dictionary.write_text("".join(json.dumps(w) + "\n" for w in words))
        options.append(f"-dict={dictionary}")
    return [*options, str(seeds)]


def number(pattern, text):
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def fuzz(options, target, folder):
    """Runs TARGET; gives its row of the table."""
    found = folder / "found"
    found.mkdir(parents=True, exist_ok=True)
    before = set(found.iterdir())
    environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=0:allocator_may_return_null=0",
                       UBSAN_OPTIONS="print_stacktrace=1")
    environment = {k: v for k, v in environment.items() if not k.startswith("SECTION_PLACEMENT_")}
    log = folder / "log"
    with log.open("w") as output:
        done = subprocess.run(
            [options.build / f"test/Fuzz/fuzz-{target}", *LIMITS, "-print_final_stats=1",
             *([f"-runs={options.runs}", "-seed=1"] if options.runs else
               [f"-max_total_time={options.seconds}"]), "-max_len=16384", f"-artifact_prefix={found}/",
             *prepare(target, options.llvm, folder)],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment)
    text = log.read_text(errors="replace")
    return {"target": target, "seconds": 0 if options.runs else options.seconds,
            "executions": number(r"stat::number_of_executed_units:\s*(\d+)", text) or number(r"#(\d+)", text),
            "coverage": number(r"cov: (\d+)", text), "features": number(r"ft: (\d+)", text),
            "corpus": len(list((folder / "corpus").iterdir())),
            "memory": number(r"stat::peak_rss_mb:\s*(\d+)", text) or number(r"rss: (\d+)Mb", text),
            "code": done.returncode,
            "findings": sorted(p.name for p in set(found.iterdir()) - before)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--llvm", required=True)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--runs", type=int, default=0)
    parser.add_argument("--targets", default="")
    parser.add_argument("--at-once", type=int, default=1)
    options = parser.parse_args()
    options.build = options.build.resolve()
    state = options.build / "fuzz"
    targets = options.targets.split(",") if options.targets else sorted(
        p.stem for p in pathlib.Path(__file__).parent.glob("*.cpp"))
    print("| target | seconds | executions | edges | features | inputs kept | MiB | findings |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")

    def row_of(target):
        folder = state / target
        result = folder / "result.json"
        row = json.loads(result.read_text()) if result.exists() else None
        # One with a finding is tried again: it may be mended.
        if not row or options.runs or row["seconds"] < options.seconds or row["findings"] or row["code"]:
            row = fuzz(options, target, folder)
            result.write_text(json.dumps(row))
        if row["code"] and not row["findings"]:
            row["findings"] = [f"exit code {row['code']}, see {folder / 'log'}"]
        return row

    findings = 0
    with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
        for target, row in zip(targets, pool.map(row_of, targets)):
            findings += len(row["findings"])
            print("| {target} | {seconds} | {executions} | {coverage} | {features} | {corpus} | {memory} | "
                  .format(**row) + str(len(row["findings"])) + " |", flush=True)
            for name in row["findings"]:
                print(f"{target}: {state / target / 'found' / name}", file=sys.stderr)
    print(f"{len(targets)} targets, {findings} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
