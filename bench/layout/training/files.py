import hashlib
import os
import pathlib
import shutil
import tempfile

folder = pathlib.Path(tempfile.mkdtemp())
for i in range(120):
    (folder / f"f{i % 12}").mkdir(exist_ok=True)
    (folder / f"f{i % 12}" / f"{i}.txt").write_text("line\n" * i)
digest = hashlib.sha256()
for name in sorted(os.path.relpath(p, folder) for p in folder.rglob("*.txt")):
    digest.update(name.encode() + (folder / name).read_bytes())
shutil.rmtree(folder)
print(digest.hexdigest()[:12])
