"""The table of bench/layout/run.sh: table.py MEASURED PADDINGS < orders."""
import pathlib
import statistics
import sys


def main(folder, paddings):
    folder, first = pathlib.Path(folder), {}
    print("order, on objects | pages, start-up | pages, workload |"
          " bytes of a call | I1 misses, workload")
    for line in sys.stdin:
        name, objects = line.split()[:2]
        read = lambda what: [int(n) for n in (folder / f"{name}.{what}").read_text().split()]
        start, work = read("startup"), read("workload")
        misses = statistics.median(read(f"misses.{i + 1}")[0] for i in range(int(paddings)))
        row = [start[0], work[0], work[2], misses]
        base = first.setdefault(objects, row)
        if base is row:
            print(f"[{objects}: functions that ran, packed whole]"
                  f" | {start[1]} | {work[1]} | |")
        cells = [f"{n:.0f} ({n / b:.2f})" for n, b in zip(row, base)]
        print(f"{name}, {objects} | {' | '.join(cells)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
