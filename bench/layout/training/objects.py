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
