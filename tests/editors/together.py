#!/usr/bin/env python3
"""A model writes into a file of an editor that shares its server: together.py EDITOR PROGRAM FOLDER NAME

The editor runs in a tmux of its own below FOLDER, in the home that the environment names. `STEP streaming PID` says that the
first line is on the screen, and whose process shows it; with the last line the file is saved. `STEP killed` says that the
process is gone.
"""

import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from terminal import Terminal  # noqa: E402

EDITOR, PROGRAM, FOLDER, NAME = sys.argv[1:]
# The slowest of the editors may still be starting.
PATIENCE = 300
FILE = pathlib.Path(FOLDER) / NAME


def environment():
    env = {name: value for name, value in os.environ.items() if not name.startswith("TMUX")}
    env.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
    return env


def prompt(key, begins, line):
    """Types a line behind a prompt at the bottom of the screen, from wherever the editor is."""

    def ask():
        press("Escape" if EDITOR != "emacs" else "C-g")
        press(key)

    terminal.again_until(f"the prompt {begins!r}", ask, lambda: screen().rstrip().splitlines()[-1].startswith(begins))
    write(line)
    press("Enter")


def ask():
    """Has the model write into the second line, which is empty."""
    press(*{"nvim": ["G"], "hx": ["g", "e"], "emacs": ["M-<", "C-n"]}[EDITOR])
    if EDITOR == "nvim":
        prompt(":", ":", "LiteLLM complete go on")
    elif EDITOR == "emacs":
        prompt("M-x", "M-x", "litellm-complete")
    else:
        # The menu is empty until the server is there.
        def open_menu():
            press("Escape")
            write(" a")

        terminal.again_until("the menu", open_menu, lambda: "complete here" in screen())
        rows = [line for line in screen().splitlines() if "LiteLLM:" in line]
        place = next(number for number, line in enumerate(rows) if "complete here" in line)
        press(*["Down"] * place, "Enter")


def save():
    if EDITOR == "emacs":
        press("C-x", "C-s")
    else:
        prompt(":", ":", "write")


terminal = Terminal(pathlib.Path(FOLDER), environment)
screen, press, write = terminal.screen, terminal.press, terminal.write
try:
    terminal.start(f"exec {PROGRAM} {NAME}", 80, 60)
    terminal.until_shown("the file", lambda: f"{NAME} begins" in screen())
    ask()
    terminal.until_shown("the first line", lambda: f"{NAME} line 1\n" in screen())
    print(f"STEP streaming {terminal.pid()}", flush=True)
    end = time.monotonic() + PATIENCE
    while (shown := screen()) and f"{NAME} ends" not in shown and time.monotonic() < end:
        time.sleep(0.05)
    if not shown:
        print("STEP killed", flush=True)
    else:
        terminal.again_until("the file is saved", save, lambda: f"{NAME} ends" in FILE.read_text())
finally:
    terminal.end()
