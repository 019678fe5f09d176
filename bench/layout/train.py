"""The programs that the profile is taken of: train.py NAME.

Small programs over the standard library, one a run, so that there are several
traces. workload.py, which is measured, is of the same kind and another program:
no task and no data are in both.
"""
import sys


def texts():
    import collections
    import re
    import textwrap

    words = "the order of functions decides which pages a program touches".split()
    text = " ".join(words[i * 7 % len(words)] for i in range(6000))
    counted = collections.Counter(re.findall(r"\b[a-z]{3,}\b", text))
    upper = re.sub(r"(\w+) (\w+)", lambda m: m[2].upper() + " " + m[1], text)
    lines = textwrap.wrap(upper, 72)
    table = str.maketrans("aeiou", "AEIOU")
    folded = [line.translate(table).title().center(80) for line in lines]
    print(counted.most_common(3), len("\n".join(folded).encode("utf-8")))


def records():
    import json
    import pickle
    import struct

    data = [{"id": i, "name": f"n{i}", "tags": ["a", "b"], "v": i / 7}
            for i in range(1500)]
    again = json.loads(json.dumps(data, indent=1, sort_keys=True))
    assert pickle.loads(pickle.dumps(again, protocol=4)) == data
    packed = b"".join(struct.pack("<Id", r["id"], r["v"]) for r in data)
    total = sum(v for _, v in struct.iter_unpack("<Id", packed))
    try:
        json.loads("{")
    except ValueError as fault:
        total += len(str(fault))
    print(total, len(packed))


def numbers():
    import fractions
    import math
    import random

    random.seed(5)
    points = [(random.random(), random.gauss(0, 1)) for _ in range(4000)]
    points.sort(key=lambda p: math.hypot(*p))
    primes = [n for n in range(2, 3000) if all(n % d for d in range(2, int(n**.5) + 1))]
    total = fractions.Fraction(0)
    for n in primes[:150]:
        total += fractions.Fraction(1, n)
    print(round(float(total), 6), pow(3, 2000, 10**40 + 7), points[0][0] < 1)


def objects():
    import abc
    import contextlib
    import enum
    import functools

    class Colour(enum.Enum):
        RED = 1
        BLUE = 2

    class Shape(abc.ABC):
        __slots__ = ("size", "colour")

        def __init__(self, size, colour):
            self.size, self.colour = size, colour

        @abc.abstractmethod
        def area(self):
            ...

    class Square(Shape):
        def area(self):
            return self.size ** 2

    class Disc(Shape):
        def area(self):
            return 3 * self.size * self.size // 1

    @functools.lru_cache(maxsize=None)
    def ways(n):
        return 1 if n < 2 else ways(n - 1) + ways(n - 2)

    @contextlib.contextmanager
    def counted(into):
        into.append(1)
        yield
        into.pop()

    made, open_now = [], []
    for i in range(8000):
        with counted(open_now):
            kind = Square if i % 3 else Disc
            made.append(kind(i % 17, Colour.RED if i % 2 else Colour.BLUE))
    by_colour = {c: sum(s.area() for s in made if s.colour is c) for c in Colour}
    print(ways(80), sorted(by_colour.values()))


def sources():
    import ast
    import tokenize

    with open(__file__, "rb") as source:
        tokens = list(tokenize.tokenize(source.readline))
    with open(__file__, encoding="utf-8") as source:
        tree = ast.parse(source.read())
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    code = compile(tree, "again", "exec")
    print(len(tokens), len(names), len(code.co_consts), len(ast.unparse(tree)))


def files():
    import hashlib
    import os
    import pathlib
    import shutil
    import tempfile

    folder = pathlib.Path(tempfile.mkdtemp())
    for i in range(120):
        (folder / f"f{i % 12}").mkdir(exist_ok=True)
        (folder / f"f{i % 12}" / f"{i}.txt").write_text("line\n" * i)
    digest = hashlib.sha256()
    for name in sorted(os.path.relpath(p, folder) for p in folder.rglob("*.txt")):
        digest.update(name.encode() + (folder / name).read_bytes())
    shutil.rmtree(folder)
    print(digest.hexdigest()[:12])


def greeting():
    print("hello")


def tables():
    import csv
    import datetime
    import decimal
    import io

    rows = ["name;born;height"]
    rows += [f"p{i};19{i % 90 + 10}-0{i % 9 + 1}-1{i % 9};1.{i}" for i in range(300)]
    people = list(csv.DictReader(rows, delimiter=";"))
    now = datetime.datetime(2020, 2, 29, 12, 30, tzinfo=datetime.timezone.utc)
    with decimal.localcontext() as context:
        context.prec = 12
        mean = sum(decimal.Decimal(p["height"]) for p in people) / len(people)
    ages = [(now.date() - datetime.date(*map(int, p["born"].split("-")))).days // 365
            for p in people]
    out = io.StringIO()
    csv.DictWriter(out, people[0]).writerows(people)
    print(f"{mean:.3f}", max(ages), now.astimezone().year, len(out.getvalue()))


def trees():
    import io
    import xml.etree.ElementTree as ElementTree

    html = "<page lang='en'>" + "".join(
        f"<p class='c{i % 4}'>Text {i} <b>bold</b> &lt;tail&gt;</p>" for i in range(150)
    ) + "</page>"
    depth = 0
    for event, element in ElementTree.iterparse(io.BytesIO(html.encode()), ("start", "end")):
        depth += 1 if event == "start" else -1
        if element.tag == "b":
            element.set("seen", "yes")
    tree = ElementTree.ElementTree(ElementTree.XML(html))
    texts = ["".join(p.itertext()) for p in tree.iter("p")]
    out = io.BytesIO()
    tree.write(out, encoding="utf-8", xml_declaration=True)
    print(depth, len(texts), len(out.getvalue()))


def queues():
    import bisect
    import dataclasses
    import heapq
    import itertools

    @dataclasses.dataclass(frozen=True)
    class Job:
        name: str
        cost: int = 1
        needs: tuple = ()

    jobs = [Job(f"j{i}", i % 5 + 1, tuple(f"j{k}" for k in range(max(0, i - 2), i)))
            for i in range(200)]
    done, ready = [], [(j.cost, j.name, j) for j in jobs if not j.needs]
    while ready:
        _, name, job = heapq.heappop(ready)
        if name in done:
            continue
        bisect.insort(done, job.name)
        for other in jobs:
            if name in other.needs and other.name not in done:
                heapq.heappush(ready, (other.cost, other.name, dataclasses.replace(other, cost=2)))
    runs = [len(list(g)) for _, g in itertools.groupby(done, key=len)]
    print(len(done), runs, sum(map(len, itertools.combinations("abcdef", 3))))


if __name__ == "__main__":
    globals()[sys.argv[1]]()
