"""Runs a program at a terminal of its own and prints all that it says there. Before the program, separated by `--`, stand
steps: `see PATTERN` waits until the pattern matches behind the last match, `key X` presses a key with Ctrl, and
`again KEY TIMES PATTERN` presses it so often, each time when the last match has come."""
import os
import pty
import re
import sys
import termios

cut = sys.argv.index("--")
child, terminal = pty.fork()
if child == 0:
    # A key neither shows, in whatever order, nor throws away what was said before (termios(3)).
    modes = termios.tcgetattr(0)
    modes[3] = (modes[3] & ~termios.ECHO) | termios.NOFLSH
    termios.tcsetattr(0, termios.TCSANOW, modes)
    os.execvp(sys.argv[cut + 1], sys.argv[cut + 1 :])
said, seen = b"", 0


def read():
    global said
    try:
        octets = os.read(terminal, 65536)
    except OSError:
        octets = b""
    said += octets
    return octets != b""


def see(pattern):
    global seen
    while True:
        match = re.compile(pattern.encode()).search(said, seen)
        if match:
            seen = match.end()
            return
        if not read():
            sys.exit(f"ended before {pattern}: {said!r}")


def key(letter):
    os.write(terminal, bytes([ord(letter) - 64]))


for step in sys.argv[1:cut]:
    word, *rest = step.split(" ", 1)
    if word == "see":
        see(rest[0])
    elif word == "key":
        key(rest[0])
    else:
        letter, times, pattern = rest[0].split(" ", 2)
        for _ in range(int(times)):
            key(letter)
            see(pattern)
while read():
    pass
sys.stdout.buffer.write(said.replace(b"\r\n", b"\n"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
