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
