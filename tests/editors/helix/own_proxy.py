#!/usr/bin/env python3
"""From an empty folder to an answer of a proxy of one's own, in a stock Helix: own_proxy.py HX SERVER DATA MISSPELT

DATA is a folder of the program's with the real LiteLLM installed, MISSPELT a deployment with a fault. What Helix shows is all that is known of the file's faults.
"""

import os
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import terminal as terminals  # noqa: E402

HX, SERVER, DATA, MISSPELT = sys.argv[1:]
PROJECT = pathlib.Path(__file__).resolve().parents[3]
HOME = pathlib.Path(tempfile.mkdtemp(prefix="litellm-ls-helix-"))
# LiteLLM takes half a minute to start on a busy machine, and is given two by whoever starts it.
terminals.DEADLINE = 150


def prepare():
    """The configuration as the page says, and nothing set: no address, no key."""
    config = HOME / "config/helix"
    config.mkdir(parents=True)
    languages = (PROJECT / "editors/helix/languages.toml").read_text()
    # Servers that are not installed here only delay the first look.
    for name in ['"yaml-language-server", "ansible-language-server", ', '"marksman", "markdown-oxide", ']:
        languages = languages.replace(name, "")
    (config / "languages.toml").write_text(languages)
    settings = '[editor]\nidle-timeout = 50\nend-of-line-diagnostics = "hint"\n'
    settings += '[editor.lsp]\ndisplay-progress-messages = true\n[editor.inline-diagnostics]\n'
    (config / "config.toml").write_text(settings + 'cursor-line = "warning"\nother-lines = "disable"\n')
    (HOME / "bin").mkdir()
    (HOME / "bin/litellm-ls").symlink_to(SERVER)
    (HOME / "work").mkdir()


def environment():
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LITELLM", "TMUX"))}
    env.update(
        HOME=str(HOME),
        PATH=f"{HOME}/bin:{env['PATH']}",
        XDG_CONFIG_HOME=str(HOME / "config"),
        XDG_CACHE_HOME=str(HOME / "cache"),
        XDG_DATA_HOME=str(HOME / "data"),
        LITELLM_LS_DATA_DIR=DATA,
        TERM="xterm-256color",
        LC_ALL="C.UTF-8",
    )
    return env


def normal():
    """Leaves insert mode. An Escape that finds the menu of a completion closes that alone."""
    again_until("insert mode is left", lambda: press("Escape"), lambda: " NOR " in screen())


def command(line):
    normal()
    write(":")
    until_shown("the prompt of a command", lambda: screen().rstrip().splitlines()[-1].startswith(":"))
    write(line)
    press("Enter")


def fix(title):
    """Takes a code action at the cursor by going down to it."""
    normal()
    again_until(f"a code action: {title}", lambda: (press("Escape"), write(" a")), lambda: title in screen())
    lines = [line for line in screen().splitlines() if "Change to" in line or "LiteLLM:" in line or "Insert" in line]
    place = next(number for number, line in enumerate(lines) if title in line)
    press(*["Down"] * place, "Enter")
    print("  a code action: " + title)


def session():
    # A file is begun in an empty folder; its provider is misspelt.
    terminal.start(f"{HX} -v work/config.yaml", 160, 40)
    write("imodel_list:")
    normal()
    shows("the server looks at what is begun", "refuses to start")
    write("o")
    write(MISSPELT)
    normal()
    shows("the fault is told at its line, with what is meant", "opena", "Did you mean")
    write("[d")
    fix("Change to `openai/gpt-4o`")
    shows("it is mended", "model: openai/gpt-4o")
    command("write")
    shows("it is saved", "written")

    command("lsp-workspace-command litellm-ls.proxy.start")
    shows("what is done meanwhile is said", "loading 1 model")
    shows("a proxy runs with it", "http://127.0.0.1:")

    command("open work/notes.md")
    write("isome lines to be rewritten")
    normal()
    write("x")
    again_until("the menu has the model of the file", lambda: (press("Escape"), write(" a")), lambda: "use mine" in screen())
    lines = [line for line in screen().splitlines() if "LiteLLM:" in line]
    press(*["Down"] * next(number for number, line in enumerate(lines) if "rewrite the selection" in line), "Enter")
    shows("its model answers", "Sphinx of black quartz")

    command("lsp-workspace-command litellm-ls.proxy.logs")
    shows("the log is a document", "proxy.log")
    command("lsp-workspace-command litellm-ls.proxy.stop")
    shows("it is stopped", "stopped the proxy")
    command("quit-all!")


terminal = terminals.Terminal(HOME, environment)
screen, press, write = terminal.screen, terminal.press, terminal.write
until_shown, shows, again_until = terminal.until_shown, terminal.shows, terminal.again_until
prepare()
try:
    session()
finally:
    terminal.end()
    shutil.rmtree(HOME, ignore_errors=True)
