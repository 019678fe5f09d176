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
