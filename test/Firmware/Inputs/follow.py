"""Follows the steps of docs/firmware/README.md in the folder that it runs in: writes
the policy, the linker script and the start-up's loop that the page shows, and runs its
commands in one shell.

    follow.py PAGE

PLUGIN is the plugin, which stands for `/opt/…/SectionPlacement.so`.
"""

import os
import pathlib
import re
import subprocess
import sys

text = pathlib.Path(sys.argv[1]).read_text("utf-8")
steps = text[text.index("## From the fault to the certificate"):text.index("## Selectors")]
blocks = re.findall(r"^```(\w*)\n(.*?)^```$", steps, re.M | re.S)
for kind, name in (("yaml", "policy.yaml"), ("ld", "fw.ld"), ("c", "copy.h")):
    (shown,) = [block for language, block in blocks if language == kind]
    pathlib.Path(name).write_text(shown, "utf-8")
commands = "".join(block for language, block in blocks if language == "sh")
commands = commands.replace("/opt/…/SectionPlacement.so", os.environ["PLUGIN"])
sys.exit(subprocess.run(["bash", "-e", "-c", commands]).returncode)
