"""Are the functions of one object in another, instruction by instruction?

  compare_functions.py BENCH LLVM_BIN LEAST ALONE TOGETHER [EXCEPT...]

ALONE's functions, EXCEPT those named, must all be in TOGETHER, and there must be
LEAST of them. BENCH holds fidelity.py, which reads objects, and says there what
it takes for one instruction. Under -fsanitize=cfi-icall a function may be called
`f.cfi` while `f` is an entry of the jump table: that is one name here.
"""
import collections
import pathlib
import re
import sys

bench, llvm, least, alone, together, *excepted = sys.argv[1:]
sys.path.insert(0, bench)
sys.dont_write_bytecode = True
from fidelity import Code, same



def plain(text):
    return re.sub(r"\.cfi(_jt)?\b", "", text)


def functions(path):
    result = collections.defaultdict(list)
    for name, bodies in Code(pathlib.Path(llvm), path).bodies.items():
        result[plain(name)] += [tuple(map(plain, body)) for body in bodies]
    return {n: b for n, b in result.items() if n and n not in excepted}


alone, together = functions(alone), functions(together)
# Two bodies of one name are a function and its entry in the jump table.
wanted = {n: [b for b in bodies if len(bodies) < 2 or b != (f"jmp {n}",)] for n, bodies in alone.items()}
count, others = same(wanted, together)
print(f"{count} functions are the same, {len(others)} are not: {' '.join(others)}")
for name in others:
    for title, code in (("alone", alone), ("together", together)):
        for body in code.get(name, []):
            print(f"{name}, {title}:", *body, sep="\n  ")
sys.exit(bool(others) or count < int(least))
