"""The program that is measured. The profile is taken of those in training/."""
import collections
import csv
import dataclasses
import datetime
import decimal
import heapq
import io
import itertools
import operator
import string
import xml.etree.ElementTree as ElementTree


@dataclasses.dataclass(order=True)
class Invoice:
    due: datetime.date
    customer: str
    amount: decimal.Decimal = decimal.Decimal(0)
    lines: list = dataclasses.field(default_factory=list, compare=False)


def invoices():
    """A table of amounts, summed by customer and month."""
    table = io.StringIO()
    writer = csv.writer(table)
    day = datetime.date(2024, 1, 31)
    for i in range(250):
        day += datetime.timedelta(days=1)
        writer.writerow([day.isoformat(), f"customer {i % 9}", f"{i * 3}.{i % 100:02}"])
    table.seek(0)
    read = [Invoice(datetime.date.fromisoformat(d), c, decimal.Decimal(a))
            for d, c, a in csv.reader(table)]
    sums = collections.defaultdict(decimal.Decimal)
    for invoice in sorted(read, reverse=True):
        sums[invoice.customer, invoice.due.strftime("%Y-%m")] += invoice.amount
    return sum(sums.values()).quantize(decimal.Decimal("0.1"))


def routes():
    """Shortest ways through a grid whose fields cost something to enter."""
    size, cost = 20, lambda x, y: (x * 31 + y * 17) % 9 + 1
    best, queue = {(0, 0): 0}, [(0, (0, 0))]
    while queue:
        so_far, (x, y) = heapq.heappop(queue)
        if so_far > best[x, y]:
            continue
        for there in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if not all(0 <= c < size for c in there):
                continue
            total = so_far + cost(*there)
            if total < best.get(there, 1 << 30):
                best[there] = total
                heapq.heappush(queue, (total, there))
    return best[size - 1, size - 1]


def feed():
    """A tree of elements, written, read again and searched."""
    root = ElementTree.Element("feed")
    for i in range(100):
        entry = ElementTree.SubElement(root, "entry", id=str(i), kind="ab"[i % 2])
        ElementTree.SubElement(entry, "title").text = f"Entry & <{i}>"
    again = ElementTree.fromstring(ElementTree.tostring(root))
    return len(again.findall("./entry[@kind='a']/title"))


class Calculator:
    """Arithmetic by recursive descent."""

    def __init__(self, text):
        each = itertools.count()
        self.rest = collections.deque(
            "".join(group) for _, group in itertools.groupby(
                text.replace(" ", ""), lambda c: c.isdigit() or -next(each) - 1))

    def sum(self):
        value = self.product()
        while self.rest and self.rest[0] in "+-":
            by = operator.add if self.rest.popleft() == "+" else operator.sub
            value = by(value, self.product())
        return value

    def product(self):
        value = self.atom()
        while self.rest and self.rest[0] in "*%":
            by = operator.mul if self.rest.popleft() == "*" else operator.mod
            value = by(value, self.atom())
        return value

    def atom(self):
        if self.rest[0] != "(":
            return int(self.rest.popleft())
        self.rest.popleft()
        value = self.sum()
        if self.rest.popleft() != ")":
            raise SyntaxError("no )")
        return value


def calculations():
    total = 0
    for i in range(60):
        total += Calculator(f"({i} + 3) * 12 % 97 - (4 * ({i} - 8)) + 1").sum()
    try:
        Calculator("(1 + 2 *").sum()
    except IndexError:
        total += 1
    return total


def queens(n, columns=()):
    if len(columns) == n:
        yield columns
        return
    for c in range(n):
        if all(c != d and abs(c - d) != len(columns) - i
               for i, d in enumerate(columns)):
            yield from queens(n, columns + (c,))


def letters():
    """A template, filled in several scripts."""
    template = string.Template("$hello, ${name}! $$ ${n}")
    out = []
    for n, name in enumerate(itertools.islice(itertools.cycle(
            ["Zoë", "Åsa", "Мария", "王芳", "ada"]), 200)):
        text = template.substitute(hello="hi", name=name.casefold(), n=n)
        out.append(text.rjust(30, "·").encode("utf-16"))
    return len({t.decode("utf-16")[-3:] for t in out}), len(b"".join(out))


print(invoices(), routes(), feed(), calculations(),
      sum(1 for _ in queens(6)), letters())
