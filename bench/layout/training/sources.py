import ast
import textwrap
import tokenize

with open(textwrap.__file__, "rb") as source:
    tokens = list(tokenize.tokenize(source.readline))
with open(textwrap.__file__, encoding="utf-8") as source:
    tree = ast.parse(source.read())
names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
code = compile(tree, "again", "exec")
print(len(tokens), len(names), len(code.co_consts), len(ast.unparse(tree)))
