# Part of the section-placement project, under the Apache License v2.0 with
# LLVM Exceptions. See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Policies and flags by chance, the same for the same seed."""

import random

# What a build may be told, each with what it costs nothing to leave out.
COMPILE_FLAGS = [["-ffunction-sections"], ["-fPIC"], ["-g"], ["-fno-inline"], ["-fno-plt"],
                 ["-fsanitize=cfi-icall", "-fvisibility=hidden"], ["-fsanitize=undefined", "-fsanitize-trap=all"],
                 ["-fsanitize=address"], ["-fstack-protector-all"], ["-funwind-tables"],
                 ["-fprofile-use=PROFILE"]]
# Of compiler-rt, which the distribution has for its own machines.
NEED_A_RUNTIME = {"-fsanitize=address", "-fprofile-use=PROFILE"}
LINK_FLAGS = [["-Wl,--gc-sections"], ["-Wl,--icf=all"], ["-Wl,--icf=safe"], ["-no-pie"],
              ["-Wl,-mllvm,-enable-machine-outliner"], ["-Wl,-mllvm,-hot-cold-split"],
              ["-Wl,-mllvm,-enable-merge-functions"], ["-Wl,--lto-O1"], ["-Wl,--lto-O3"]]


def build_flags(seed, target):
    """LTO, level, further flags of the compile, where PROFILE is a file, and whether
    its objects say which source they are of."""
    chance = random.Random(f"build {seed}")
    flags = [flag for group in COMPILE_FLAGS if chance.random() < 0.15 for flag in group
             if target == "x86-64" or flag not in NEED_A_RUNTIME]
    return (chance.choice(["thin", "full"]), chance.choice(["O0", "O1", "O2", "O2", "O3", "Os", "Oz"]), flags,
            chance.random() < 0.75)


def link_flags(seed):
    chance = random.Random(f"link {seed}")
    return [group for group in LINK_FLAGS if chance.random() < 0.15]


class PolicyMaker:
    """Makes rules about what a program has: NAMES of functions and variables,
    SOURCES relative to its tree, none where nobody knows of which source they are."""

    def __init__(self, seed, functions, variables, sources):
        self.r = random.Random(f"policy {seed}")
        self.functions, self.variables, self.sources = functions, variables, sources

    def glob(self, name):
        cut = self.r.randrange(1, len(name) + 1)
        return self.r.choice([name, name[:cut] + "*", "*" + name[-cut:], name[:cut] + "*" + name[-1]])

    def names(self, all_names):
        chosen = [self.r.choice(all_names) for _ in range(self.r.randrange(1, 5))]
        return sorted({self.glob(name) for name in chosen})

    def match(self, depth=0):
        found = {}
        kind = self.r.random()
        if kind < 0.5:
            found["function"] = self.names(self.functions)
        elif kind < 0.75 and self.sources:
            found["source"] = sorted({self.r.choice([s, "**/" + s.split("/")[-1], "**"])
                                      for s in self.r.sample(self.sources, min(2, len(self.sources)))})
        elif kind < 0.85:
            found["attribute"] = [self.r.choice(["noinline", "cold", "hot", "nounwind"])]
        elif kind < 0.9:
            found["profile"] = [self.r.choice(["hot", "cold", "unknown"])]
        else:
            found["function"] = ["*"]
        if depth == 0 and self.r.random() < 0.25:
            found["except"] = self.match(1)
        return found

    def grow(self):
        grown = {"along": self.r.choice([["call"], ["branch", "call"], ["branch"]]),
                 "depth": self.r.choice([1, 2, 3, "unlimited"])}
        if "call" in grown["along"] and self.r.random() < 0.3:
            grown["towards"] = self.r.choice(["callees", "callers", "both"])
        if self.r.random() < 0.3:
            grown["within"] = self.match(1)
        return grown

    def section(self, number):
        of_sources = [".text.chaos.{file}", ".text.chaos.{rule}.{dir}"] if self.sources else []
        return self.r.choice([f".text.chaos{number}", f".text.chaos{number % 2}", f".chaos{number}",
                              ".text.chaos.{function}", ".text", *of_sources])

    def rule(self, number):
        rule = {"name": f"r{number}", "optional": True}
        if self.variables and self.r.random() < 0.12:
            rule["match"] = {"variable": self.names(self.variables)}
            rule["data"] = self.r.choice([f".data.chaos{number}", f".rodata.chaos{number}", f".bss.chaos{number}",
                                          f".data.rel.ro.chaos{number}"])
            return rule
        rule["match"] = self.match() if self.r.random() < 0.8 else [self.match(), self.match()]
        kind = self.r.random()
        if kind < 0.08:
            rule["leave"] = True
            return rule
        if kind < 0.95:
            rule["section"] = self.section(number)
            if self.r.random() < 0.35:
                rule["grow"] = self.grow()
            if self.r.random() < 0.3:
                order = self.r.choice(["input", "listed", "affinity"])
                # The names of the rule are the list.
                if order != "listed" or isinstance(rule["match"], dict) and "function" in rule["match"]:
                    rule["order"] = order
            if self.r.random() < 0.1:
                rule["closed"] = {"report": True}
        else:
            rule["inline"] = "never-across"
        if self.r.random() < 0.06:
            rule["inline"] = self.r.choice(["never-out", "never-in", "never-across"])
        if self.r.random() < 0.1:
            rule["max-size"] = self.r.choice(["64MiB", "64MiB", "64MiB", 1])
        if "closed" not in rule and self.r.random() < 0.25:
            rule["split"] = "never-run"
            if self.r.random() < 0.5:
                of_sources = [".text.cold.{file}", ".text.cold.{rule}.{dir}"] if self.sources else []
                rule["split-section"] = self.r.choice([f".text.split{number}", ".text.split.{function}",
                                                       f".cold{number}", *of_sources])
        elif self.r.random() < 0.1 and "source" in (rule["match"] if isinstance(rule["match"], dict) else {}):
            rule["lto"] = "opt-out"
        return rule

    def policy(self):
        rules = [self.rule(n) for n in range(self.r.randrange(1, 6))]
        if self.r.random() < 0.3:
            rules = [{key: value for key, value in rule.items() if key in PLACES} for rule in rules]
            rules = [rule for rule in rules if "section" in rule or "leave" in rule or "data" in rule] or \
                [{"name": "r", "match": {"function": ["*"]}, "section": ".text.chaos.{function}"}]
        return {"version": 1, "rules": rules}

    def acts_at_compile(self):
        return self.r.random() < 0.05


# The keys of a rule that moves code and changes none: `closed` is no such key, since
# nothing is inlined over its edge.
PLACES = {"name", "optional", "match", "section", "grow", "order", "leave", "data", "max-size"}


def only_places(policy):
    return all(set(rule) <= PLACES for rule in policy["rules"])


def needs_the_compile(policy):
    """Must the compile know it, and not the link alone?"""
    return any("inline" in rule or "lto" in rule for rule in policy["rules"])


def smaller(policy):
    """Policies with one thing less, the largest steps first."""
    rules = policy["rules"]
    for i in range(len(rules)):
        if len(rules) > 1:
            yield {**policy, "rules": rules[:i] + rules[i + 1:]}
    for i, rule in enumerate(rules):
        for key in rule:
            if key not in ("name", "match"):
                less = {k: v for k, v in rule.items() if k != key}
                yield {**policy, "rules": rules[:i] + [less] + rules[i + 1:]}
        match = rule["match"] if isinstance(rule["match"], dict) else None
        for key in match or {}:
            lists = match[key] if isinstance(match[key], list) else []
            choices = [{k: v for k, v in match.items() if k != key}] if len(match) > 1 else []
            choices += [{**match, key: lists[:j] + lists[j + 1:]} for j in range(len(lists)) if len(lists) > 1]
            for less in choices:
                yield {**policy, "rules": rules[:i] + [{**rule, "match": less}] + rules[i + 1:]}
