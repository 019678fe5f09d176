import json
import pickle
import struct

data = [{"id": i, "name": f"n{i}", "tags": ["a", "b"], "v": i / 7}
        for i in range(1500)]
again = json.loads(json.dumps(data, indent=1, sort_keys=True))
assert pickle.loads(pickle.dumps(again, protocol=4)) == data
packed = b"".join(struct.pack("<Id", r["id"], r["v"]) for r in data)
total = sum(v for _, v in struct.iter_unpack("<Id", packed))
try:
    json.loads("{")
except ValueError as fault:
    total += len(str(fault))
print(total, len(packed))
