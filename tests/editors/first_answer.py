#!/usr/bin/env python3
"""From nothing to a first answer, by the steps that the pages name and no others: first_answer.py EDITOR PROGRAM SERVER BASE_URL KEY

The program is on the PATH, and the environment says where the proxy is. Prints the steps, each in a line with its number.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from terminal import Terminal  # noqa: E402

EDITOR, PROGRAM, SERVER, BASE_URL, KEY = sys.argv[1:]
PROJECT = pathlib.Path(__file__).resolve().parents[2]
HOME = pathlib.Path(tempfile.mkdtemp(prefix="litellm-ls-first-"))
ANSWER = "Hello from the mock."
steps = []


def environment():
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LITELLM", "TMUX", "XDG", "EMACS"))}
    kept.update(HOME=str(HOME), PATH=f"{HOME}/bin:{kept['PATH']}", TERM="xterm-256color", LC_ALL="C.UTF-8")
    return dict(kept, LITELLM_BASE_URL=BASE_URL, LITELLM_API_KEY=KEY, LITELLM_MODEL="plain")


def step(what):
    steps.append(what)
    print(f"{len(steps)}. {what}")


def block(page, language, word):
    """The first block of a page in a language, among those that have a word."""
    blocks = re.findall(rf"```{language}\n(.*?)```", (PROJECT / page).read_text(), re.S)
    return next(re.sub(r"(?m)^   ", "", found) for found in blocks if word in found)


def neovim():
    step("the lines of README.md in a shell")
    subprocess.run(["sh", "-e"], input=block("README.md", "sh", "vim.lsp.enable"), text=True, check=True, cwd=PROJECT, env=environment())
    terminal.start(f"{PROGRAM} notes.txt", 80, 24)
    until_shown("Neovim", lambda: "some lines" in screen())
    step(":LiteLLM complete say hello")
    write(":LiteLLM complete say hello")
    press("Enter")


def helix():
    step("the lines of README.md in languages.toml")
    config = HOME / ".config/helix"
    config.mkdir(parents=True)
    (config / "languages.toml").write_text(block("README.md", "toml", "language-server.litellm"))
    terminal.start(f"{PROGRAM} main.rs", 80, 24)
    until_shown("Helix", lambda: "fn main" in screen())
    step("Space a, Enter")

    def menu():
        press("Escape")
        write(" a")

    terminal.again_until("the menu", menu, lambda: "LiteLLM: explain" in screen())
    press("Enter")


def emacs():
    step("the lines of editors/emacs/README.md in the init file")
    (HOME / ".emacs.d").mkdir()
    lines = block("editors/emacs/README.md", "elisp", "require 'litellm").replace("~/path/to/litellm-ls", str(PROJECT))
    # A terminal without a compiler; nothing of the package.
    quiet = "(setq native-comp-jit-compilation nil inhibit-startup-screen t)\n"
    (HOME / ".emacs.d/init.el").write_text(quiet + lines)
    terminal.start(f"{PROGRAM} -nw notes.txt", 80, 24)
    until_shown("Emacs", lambda: "some lines" in screen())
    step("M-x litellm-complete")
    press("M-x")
    until_shown("the prompt of a command", lambda: screen().rstrip().splitlines()[-1].startswith("M-x"))
    write("litellm-complete")
    press("Enter")


terminal = Terminal(HOME, environment)
screen, press, write, until_shown = terminal.screen, terminal.press, terminal.write, terminal.until_shown
(HOME / "bin").mkdir()
(HOME / "bin/litellm-ls").symlink_to(SERVER)
(HOME / "notes.txt").write_text("some lines\n")
(HOME / "main.rs").write_text("fn main() {}\n")
try:
    {"neovim": neovim, "helix": helix, "emacs": emacs}[EDITOR]()
    until_shown("an answer", lambda: ANSWER in screen())
finally:
    terminal.end()
    shutil.rmtree(HOME, ignore_errors=True)
print(f"an answer after {len(steps)} steps")
