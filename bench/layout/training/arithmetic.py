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
