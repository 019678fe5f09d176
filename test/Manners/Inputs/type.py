"""Types a line and a tab into an interactive bash, and prints the words of the
command that comes of it.

    type.py SCRIPT LINE
"""

import os
import pty
import sys

script, line = sys.argv[1:]
# `show` completes as section-placement does, and prints its words.
SETUP = (
    "PS1=; source %s; bind 'set enable-bracketed-paste off';"
    "show() { if [ \"$1\" = print-completions ]; then section-placement \"$@\";"
    " else printf '<%%s>' \"$@\"; echo; fi; };"
    "complete -F _section_placement show; echo rea''dy\n" % script
)
child, terminal = pty.fork()
if not child:
    os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
printed = b""


def read_until(end):
    global printed
    while end not in printed:
        try:
            printed += os.read(terminal, 4096)
        except OSError:  # Linux says so at the end.
            raise SystemExit("bash printed: %r" % printed)


os.write(terminal, SETUP.encode())
read_until(b"ready\r\n")
printed = b""
os.write(terminal, ("show " + line + "\t\n").encode())
read_until(b">\r\n")
os.close(terminal)
os.waitpid(child, 0)
print(printed.decode().splitlines()[-1])
