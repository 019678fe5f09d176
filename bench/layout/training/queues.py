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
