"""A person at a terminal: runs a program in a pseudo-terminal, and does one step after the other.

    terminal.py COLUMNS ROWS PROGRAM [ARGUMENT...] < STEPS

STEPS is a JSON list of pairs `[WAIT, TYPE]`: waits until the program has written WAIT since the last step, then types
TYPE, in which U+FFFD stands for a byte that is no text. All that the program wrote goes to standard output; the exit code is the program's. What takes a minute is ended.
"""

import fcntl
import json
import os
import pty
import signal
import struct
import sys
import termios


def main():
    """Runs the program."""
    columns, rows, *program = sys.argv[1:]
    steps = json.load(sys.stdin)
    pid, terminal = pty.fork()
    if pid == 0:
        size = struct.pack("HHHH", int(rows), int(columns), 0, 0)
        fcntl.ioctl(1, termios.TIOCSWINSZ, size)
        # As a shell starts what stands in front: tests that run in the background of a script ignore it.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.execv(program[0], program)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(pid, signal.SIGKILL))
    signal.alarm(60)
    written, seen = b"", 0
    while True:
        while steps and (at := written.find(steps[0][0].encode(), seen)) >= 0:
            seen = at + len(steps[0][0].encode())
            os.write(terminal, steps.pop(0)[1].encode().replace("\ufffd".encode(), b"\xff"))
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # how Linux says that the program has closed it
            piece = b""
        if not piece:
            break
        written += piece
    sys.stdout.buffer.write(written)
    signal.alarm(0)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if steps:
        sys.exit(f"the program never wrote {steps[0][0]!r}")
    sys.exit(status)


main()
