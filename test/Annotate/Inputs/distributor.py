"""A ThinLTO distributor that runs the jobs of its JSON file here, one by one.

lld's --thinlto-distributor calls it with the file's name as its last word.
"""
import json
import subprocess
import sys

with open(sys.argv[-1]) as file:
    work = json.load(file)
for job in work["jobs"]:
    subprocess.run(work["common"]["args"] + job["args"], check=True)
print(len(work["jobs"]), "jobs", file=sys.stderr)
