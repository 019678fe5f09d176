import io
import xml.etree.ElementTree as ElementTree

html = "<page lang='en'>" + "".join(
    f"<p class='c{i % 4}'>Text {i} <b>bold</b> &lt;tail&gt;</p>" for i in range(150)
) + "</page>"
depth = 0
for event, element in ElementTree.iterparse(io.BytesIO(html.encode()), ("start", "end")):
    depth += 1 if event == "start" else -1
    if element.tag == "b":
        element.set("seen", "yes")
tree = ElementTree.ElementTree(ElementTree.XML(html))
texts = ["".join(p.itertext()) for p in tree.iter("p")]
out = io.BytesIO()
tree.write(out, encoding="utf-8", xml_declaration=True)
print(depth, len(texts), len(out.getvalue()))
