"""Reads the report's page as a browser's HTML parser does, and prints what data
it holds."""

import base64
import html.parser
import json
import sys
import zlib


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.scripts, self.data, self.title, self.tag = 0, "", "", ""

    def handle_starttag(self, tag, attributes):
        self.tag = dict(attributes).get("id") if tag == "script" else tag
        self.scripts += tag == "script"
        assert not {"src", "href"} & {k for k, v in attributes if not (v or "").startswith("#")}, attributes

    def handle_endtag(self, tag):
        self.tag = ""

    def handle_data(self, data):
        if self.tag == "data":
            self.data += data
        if self.tag == "title":
            self.title += data


page = Page()
page.feed(open(sys.argv[1], encoding="utf-8").read())
d = json.loads(page.data if page.data.startswith("{") else zlib.decompress(base64.b64decode(page.data)))
if len(sys.argv) > 2:
    json.dump(d, open(sys.argv[2], "w"))
print("title:", page.title.removesuffix(" — section placement"))
print("scripts:", page.scripts)
print("rules:", " ".join("%s=%d/%d" % (r["name"], r["claimed"], r["moved"]) for r in d["rules"]))
sizes = {}
for image in d["images"]:
    row = 0
    for step, size in zip(image["row"], image["size"]):
        row += step
        sizes.setdefault(row, []).append("%s=%d" % (image["label"], size))
states = {"c": "claimed", "u": "unclaimed", "a": "ambiguous", "n": "unreported"}
shown = d["shown"].split("\n") if d["shown"] else []
for row, name in enumerate(d["names"].split("\n")):
    if shown and shown[row]:
        print("shown:", shown[row])
    print(" ".join(["row:", name, states[d["state"][row]]] + sizes.get(row, [])))
