#!/usr/bin/env python3
"""What a user does in a stock Helix, read back from its screen: session.py HX SERVER BASE_URL KEY

Helix runs in a tmux of its own, with its own configuration folder, and with the languages.toml of the project's page.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from terminal import Terminal  # noqa: E402

HX, SERVER, BASE_URL, KEY = sys.argv[1:]
PROJECT = pathlib.Path(__file__).resolve().parents[3]
HOME = pathlib.Path(tempfile.mkdtemp(prefix="litellm-ls-helix-"))
TEXT = "# Notes\n\nsome lines to be rewritten\n\nhang here\n"


def prepare():
    """The configuration as the page says: its languages.toml, and settings of the program, which that leaves alone."""
    config = HOME / "config/helix"
    config.mkdir(parents=True)
    languages = (PROJECT / "editors/helix/languages.toml").read_text()
    languages = languages.replace('"marksman", "markdown-oxide", ', "")
    (config / "languages.toml").write_text(languages)
    (config / "config.toml").write_text(
        "[editor]\nidle-timeout = 50\n[editor.lsp]\ndisplay-progress-messages = true\n"
    )
    (HOME / "bin").mkdir()
    (HOME / "bin/litellm-ls").symlink_to(SERVER)
    (HOME / "notes.md").write_text(TEXT)
    configure("baseUrl", BASE_URL)
    configure("apiKey", "env:LITELLM_API_KEY")


def configure(name, value):
    """Sets a setting for every editor, as the page says."""
    subprocess.run([HOME / "bin/litellm-ls", "config", "set", name, value], env=environment(), check=True)


def environment():
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LITELLM", "TMUX"))}
    env.update(
        HOME=str(HOME),
        PATH=f"{HOME}/bin:{env['PATH']}",
        XDG_CONFIG_HOME=str(HOME / "config"),
        XDG_CACHE_HOME=str(HOME / "cache"),
        XDG_DATA_HOME=str(HOME / "data"),
        LITELLM_API_KEY=KEY,
        TERM="xterm-256color",
        LC_ALL="C.UTF-8",
    )
    return env


def command(line):
    press("Escape")
    write(":")
    until_shown("the prompt of a command", lambda: screen().rstrip().splitlines()[-1].startswith(":"))
    write(line)
    press("Enter")


def menu_is_open():
    return re.search(r"LiteLLM: (✓ )?use ", screen()) is not None


def first_action():
    """The line of the menu that stands first, and is taken by Enter."""
    return next(line[line.index("LiteLLM:"):] for line in screen().splitlines() if "LiteLLM: " in line)


def close_menu():
    press("Escape")
    until_shown("the menu closes", lambda: not menu_is_open())


def menu():
    """Opens the menu of code actions, with what it has now."""

    def open_anew():
        close_menu()
        write(" a")

    again_until("the menu opens", open_anew, menu_is_open)


def open_menu():
    """Opens the menu of code actions anew."""
    press("Escape")
    write(" a")


def menu_says(what, text):
    """Opens a menu without models."""
    again_until(what, open_menu, lambda: text in screen())
    press("Escape")
    print("  " + what)


def status_says(what, text):
    again_until(what, lambda: command("lsp-workspace-command litellm-ls.status"), lambda: text in screen())
    print("  " + what)


def choose(text):
    """Chooses a line of the menu by going down to it."""
    menu()
    lines = [line for line in screen().splitlines() if "LiteLLM:" in line]
    place = next((number for number, line in enumerate(lines) if text in line), None)
    if place is None:
        terminal.fail(f"the menu has no {text!r}")
    press(*["Down"] * place, "Enter")


def servers():
    found = []
    for folder in pathlib.Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and f"HOME={HOME}\0".encode() in (folder / "environ").read_bytes():
                if "litellm-ls" in (folder / "comm").read_text() and alive(folder.name):
                    found.append(folder.name)
        except OSError:
            continue
    return found


def alive(pid):
    """A process that ended but was never waited for counts as gone: process 1 of many containers waits for nobody."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def start(columns=120, lines=36):
    # With a log of what the server says: the screen has the last sentence alone.
    terminal.start(f"{HX} -v notes.md", columns, lines)
    shows("the file is open", "some lines")
    until("its server runs", lambda: len(servers()) == 1)


def session():
    start()
    menu()
    shows("list: the menu has the models with context window and prices",
          "LiteLLM: ✓ use plain · 128k context · $0.15 / $0.60 · tools vision")
    press("Escape")

    choose("use long")
    shows("pick: the choice is said", "LiteLLM: using long")
    menu()
    shows("pick: the choice is marked", "✓ use long")
    press("Escape")

    status_says("status: one line", "LiteLLM: the proxy answers")

    command("lsp-workspace-command litellm-ls.usage")
    shows("usage: a page of today and before", "# Usage", "today", "7 days", "30 days")
    command("buffer-close")
    shows("back in the file", "some lines")

    command("lsp-workspace-command litellm-ls.listModels")
    shows("list: a table opens as a document", "# Models", " described ", "| 200k    | $3 / $15 ")
    press("Escape")
    write("/ described ")
    press("Enter")
    again_until("the page's menu has the model of the row", open_menu, lambda: "make it a favourite" in screen())
    until("pick: the model of the row stands first", lambda: first_action().startswith("LiteLLM: use described"))
    press("Enter")
    shows("pick: a row of the page", "LiteLLM: using described")
    command("buffer-close")
    shows("back in the file", "some lines")
    choose("use long")
    shows("pick: another model", "LiteLLM: using long")

    for task in ["explain", "completeHere", "rewrite"]:
        command(f"lsp-workspace-command litellm-ls.{task}")
        shows(f"{task} without a text: said, with what to do", "choose it from the code actions at that text")

    press("Escape")
    write("3ggx")
    menu()
    until("the menu begins with what changes nothing", lambda: first_action().startswith("LiteLLM: explain"))
    press("Escape")
    choose("rewrite the selection")
    shows("complete: the answer takes the place of the selection", "Sphinx of black quartz")
    shows("usage: tokens and cost are said", "tokens in")
    press("Escape", "u")
    shows("one undo takes it back", "some lines")

    write("3ggx")
    choose("explain the selection")
    shows("explain: the answer opens as a document", "Sphinx of black quartz", "long:")
    command("buffer-close")
    shows("back in the file", "some lines")

    use_upstream()
    write("5ggx")
    choose("explain the selection")
    until("cancel: the menu offers it while a model is at work", offers_cancel)
    choose("cancel what is running")
    shows("cancel: said", "LiteLLM: cancelled")
    streams()

    for stop in [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP]:
        killed(stop)
    wrong_key()
    proxy_down()
    quit_helix()


def streams():
    """Has an answer written as it comes, of a model that stops in the middle."""
    press("Escape")
    write("ge")
    choose("complete here")
    shows("stream: the text has what has come so far", "One moment")
    choose("cancel what is running")
    shows("cancel: what has come stays", "One moment", "LiteLLM: cancelled")
    command("reload")
    until("the file is as it was", lambda: "One moment" not in screen())


def use_upstream():
    """Chooses a model of which no answer comes, beyond the first lines of the menu."""
    config = HOME / "config/helix/languages.toml"
    features = "config = { features = { completion = true, streamEdits = true } }"
    config.write_text(config.read_text().replace("timeout = 120", f"timeout = 120\n{features}"))
    command("config-reload")
    configure("model", "described")
    restart("described")
    press("Escape")
    write("geonothing is des")
    press("C-x")
    shows("completion: the item goes on with a typed word", "described text")
    press("Escape", "Escape")
    command("reload")
    configure("model", "up")
    restart("up")


def restart(model):
    command("lsp-restart")
    menu()
    shows("restart: the server knows its settings again", f"✓ use {model}")
    press("Escape")


def offers_cancel():
    menu()
    offered = "cancel what is running" in screen()
    close_menu()
    return offered


def wrong_key():
    global KEY
    KEY = "sk-wrong"
    start(80, 24)
    status_says("wrong key: said in 80 columns, with what to do", "set apiKey")
    menu_says("wrong key: said in the menu", "LiteLLM: set apiKey")


def proxy_down():
    quit_helix()
    configure("baseUrl", "http://127.0.0.1:9")
    start(80, 24)
    menu_says("proxy down: said in the menu", "LiteLLM: start the proxy, or correct baseUrl")
    status_says("proxy down: said in 80 columns, with what to do", "start the proxy, or correct baseUrl")


def quit_helix():
    command("quit-all!")
    until("the server ends with the editor", lambda: not servers())


def killed(how):
    """The editor goes while a model is at work."""
    if not servers():
        start()
    write("5ggx")
    choose("explain the selection")
    until_shown("a model at work", offers_cancel)
    pid = terminal.pid()
    # tmux may have put a shell between.
    below = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    helix = next((int(child) for child in below if "hx" in comm(child)), pid)
    os.kill(helix, how)
    until(f"the editor gets {how.name} amid an answer: no server is left", lambda: not servers())
    terminal.kill()


def told():
    """What the server has said, the last things last."""
    log = HOME / "cache/helix/helix.log"
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join([line for line in lines if '"window/showMessage"' in line][-10:])


def comm(pid):
    return pathlib.Path(f"/proc/{pid}/comm").read_text()


terminal = Terminal(HOME, environment)
screen, press, write = terminal.screen, terminal.press, terminal.write
until, until_shown, shows, again_until = terminal.until, terminal.until_shown, terminal.shows, terminal.again_until
prepare()
try:
    session()
except SystemExit as failed:
    sys.exit(f"{failed.code}\nThe server said:\n{told()}")
finally:
    terminal.end()
    shutil.rmtree(HOME, ignore_errors=True)
