#!/usr/bin/env python3
"""What a user does in a stock Emacs, read back from its screen: session.py EMACS SERVER BASE_URL KEY

Emacs runs in a tmux of its own, in 80 columns, with the package on its load path and nothing else.
"""

import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from terminal import Terminal  # noqa: E402

EMACS, SERVER, BASE_URL, KEY = sys.argv[1:]
PROJECT = pathlib.Path(__file__).resolve().parents[3]
HOME = pathlib.Path(tempfile.mkdtemp(prefix="litellm-ls-emacs-"))
TEXT = "# Notes\n\nsome lines\n\nan end\n"


def prepare():
    """The init file as the page says, and a repository with something staged."""
    (HOME / ".emacs.d").mkdir()
    (HOME / ".emacs.d/init.el").write_text(
        f'(add-to-list \'load-path "{PROJECT}/editors/emacs")\n(require \'litellm)\n'
        # A terminal without a compiler; nothing of the package.
        "(setq native-comp-jit-compilation nil inhibit-startup-screen t)\n"
    )
    (HOME / "bin").mkdir()
    (HOME / "bin/litellm-ls").symlink_to(SERVER)
    work = HOME / "work"
    work.mkdir()
    (work / "notes.txt").write_text(TEXT)
    for command in ["init", "add notes.txt"]:
        subprocess.run(["git", "-C", work, *command.split()], check=True, capture_output=True)


def environment():
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LITELLM", "TMUX", "XDG", "EMACS"))}
    env.update(HOME=str(HOME), PATH=f"{HOME}/bin:{env['PATH']}", WORK_KEY=KEY, TERM="xterm-256color", LC_ALL="C.UTF-8")
    return env


def start():
    terminal.start(f"{EMACS} -nw work/notes.txt", 80, 24)
    shows("the file is open", "some lines")


def call(command, first="C-g"):
    """Runs a command as users do. `C-g` first leaves whatever asks; it ends a selection, too."""
    # Again where Emacs was still at work, and the keys went elsewhere. A `C-g` throws away those that wait.
    terminal.again_until(
        "the prompt of a command",
        lambda: press(*([first] if first else []), "M-x"),
        lambda: screen().rstrip().splitlines()[-1].startswith("M-x"),
    )
    write(command)
    press("Enter")


def answer(question, text):
    """Answers a question of the minibuffer."""
    until_shown(f"the question {question!r}", lambda: question in screen().rstrip().splitlines()[-1])
    write(text)
    press("Enter")


def says(what, text):
    """Waits for a message at the bottom of the screen."""
    until(what, lambda: text in " ".join(screen().rstrip().splitlines()[-3:]))


def notes():
    """Goes to the file, alone on the screen."""
    press("C-g", "C-x")
    write("b")
    answer("Switch to buffer", "notes.txt")
    press("C-x")
    write("1")
    until_shown("the file", lambda: "# Notes" in screen() and "notes.txt" in screen())


def select(line):
    press("M-g", "g")
    answer("Goto line", str(line))
    press("C-Space", "C-e")


def undone():
    return all(line in screen() for line in TEXT.split("\n")) and "described" not in screen()


def session():
    start()
    configure()
    models()
    chat()
    notes()
    writing()
    spoiled()
    changing()
    own_prompts()
    dry_run()
    proposals()
    reading()
    secrets()
    tables()
    ended()


def configure():
    call("litellm-configure")
    until_shown("the question for the address", lambda: "Base URL" in screen())
    press("C-a", "C-k")
    answer("Base URL", BASE_URL)
    answer("Key (default", "environment variable")
    answer("Name of the environment variable", "WORK_KEY")
    until("configure: the connection is tested", lambda: "Save this for every editor?" in screen())
    write("y")
    until_shown("configure: saved, and a model is asked for", lambda: "Saved.  Model (default" in screen())
    press("Enter")
    says("configure: ends with a model", "LiteLLM: using ")


def models():
    call("litellm-mode-line-mode")
    until("mode line: the model that set-up ended with", lambda: "LiteLLM: plain" in mode_line())
    call("litellm-use-model")
    until_shown("the question for a model", lambda: "Model" in screen().rstrip().splitlines()[-1])
    write("desc")
    press("Tab")
    until_shown("the model is completed", lambda: "described" in screen().rstrip().splitlines()[-1])
    press("Tab")
    press("Enter")
    says("pick: the choice is said", "LiteLLM: using described")
    until("mode line: the other model", lambda: "LiteLLM: described" in mode_line())
    call("litellm-mode-line-mode")
    until("mode line: off", lambda: "LiteLLM" not in mode_line())
    call("litellm-use-model")
    until_shown("the question for a model", lambda: "Model" in screen().rstrip().splitlines()[-1])
    press("Tab")
    shows("pick: each with its limits and prices beside it", "● described", "200k context · $3 / $15")
    press("C-g")
    call("litellm-mark-favourite")
    answer("Favourite", "plain")
    says("pick: a favourite", "LiteLLM: plain is a favourite")


def mode_line():
    return next((line for line in screen().splitlines() if "notes.txt" in line), "")


def chat():
    call("litellm-chat")
    until_shown("a chat", lambda: "## ▌You" in screen())
    write("What is this?")
    press("C-c", "C-c")
    shows("chat: the answer stands below the question", "What is this?", "## ▌described")
    says("chat: usage is said", "described: ")
    call("litellm-chat-use-model")
    answer("Model of this chat", "up")
    write("hang in Emacs")
    press("C-c", "C-c")
    shows("chat: the header says how to stop", "C-c C-k stops")
    shows("chat: the answer comes bit by bit", "One moment")
    press("C-c", "C-k")
    says("chat: cancelled", "LiteLLM: cancelled")
    shows("chat: what has come stays, and is marked", "One moment", "(cut off)")
    saved = list((HOME / ".emacs.d/litellm-chats").glob("*.md"))
    if len(saved) != 1 or stat.S_IMODE(saved[0].stat().st_mode) != 0o600:
        terminal.fail(f"saved chats: {saved}")
    press("M->")
    write("hang once more")
    press("C-c", "C-c")
    until("chat: another answer begins", lambda: screen().count("One moment") == 2)
    press("C-x")
    write("k")
    press("Enter")
    says("chat: closed amid an answer, it says where that is", "M-x litellm-chat-resume has what came")
    until("chat: nothing is under way any more", lambda: "answering" not in screen())
    call("litellm-chat-resume")
    press("Enter")
    shows("chat: resumed with all that came", "hang once more", "(cut off)", "One moment")
    if "(cut off)\n\nOne moment" not in saved[0].read_text().split("hang once more")[1]:
        terminal.fail(f"the saved chat:\n{saved[0].read_text()}")


def writing():
    press("M->")
    call("litellm-complete", first=None)
    until("complete: the answer stands in the text", lambda: "described" in screen().splitlines()[6])
    says("complete: usage is said", "described: ")
    press("C-_")
    until("complete: one undo takes it back", undone)


def use(model):
    call("litellm-use-model")
    answer("Model", model)
    says("another model", f"LiteLLM: using {model}")


def spoiled():
    """Undone amid the answer: no more of it is written, and what came stands beside."""
    use("up")
    press("M->")
    write("hang here")
    # C-g throws away what waits to be read.
    until_shown("the typed words", lambda: "hang here" in screen())
    call("litellm-complete")
    until("complete: the answer begins in the text", lambda: "hang hereOne moment" in screen())
    call("litellm-complete")
    says("complete: a second one here is refused", "wait for the answer that is being written here")
    press("M->", "C-_")
    until("complete: undo takes out all that came", lambda: "One moment" not in screen() and "hang here" in screen())
    call("litellm-cancel")
    shows("complete: what came stands beside", "*LiteLLM answer*", "One moment")
    notes()
    # Another undo would bring it back.
    press("M->", "C-a", "C-k")
    until("complete: nothing of it stays in the text", lambda: undone() and "hang" not in screen())
    use("described")


def changing():
    for accept in [True, False]:
        select(3)
        call("litellm-rewrite")
        answer("Rewrite how?", "shorter")
        shows("rewrite: the change stands below its text", "some lines", "described", "C-c C-c accepts")
        press("C-c", "C-c" if accept else "C-k")
        if accept:
            until("rewrite: accepted", lambda: "some lines" not in screen() and "described" in screen())
            press("C-_")
        until("rewrite: undone at once, or discarded", undone)


def own_prompts():
    """One that the settings file gains while Emacs runs."""
    file = subprocess.run([SERVER, "config", "path"], env=environment(), check=True, capture_output=True, text=True)
    with open(file.stdout.strip(), "a") as settings:
        settings.write('\n[prompts.shout]\ntitle = "shout it"\ntemplate = "Shout: {selection}"\noutput = "replace"\n')
        settings.write('\n[prompts.add]\ntitle = "add to it"\ntemplate = "Add to: {selection}"\noutput = "insert"\n')
    select(3)
    call("litellm-prompt", first=None)
    answer("Prompt:", "shout it")
    until("own prompt: its answer takes the place of the text", lambda: "some lines" not in screen())
    press("C-_")
    until("own prompt: one undo takes it back", undone)
    select(3)
    call("litellm-prompt", first=None)
    answer("Prompt:", "add to it")
    until("own prompt: its answer stands behind the text", lambda: "some lines" in screen() and "described" in screen())
    says("own prompt: usage is said", "described: ")
    press("C-_")
    until("own prompt: one undo takes that back too", undone)


def dry_run():
    select(3)
    call("litellm-dry-run")
    answer("Rewrite how?", "shorter")
    shows("dry run: what would be sent, and its price", "Nothing was sent", "described, ~", "The file is", "notes.txt")
    notes()


def proposals():
    press("M->")
    call("litellm-propose-mode", first=None)
    says("proposals: on", "Propose mode enabled")
    write("a")
    until("proposals: ghost text behind what was typed", lambda: ghost() is not None)
    typed = ghost()
    press("Tab")
    until("proposals: Tab takes it", lambda: ghost() is None and "a" + typed.split()[0] in screen())
    press("C-_")
    write("b")
    # One that comes behind the first letter alone would be taken for it, and this one come behind the next key.
    until("proposals: another", lambda: ghost() is not None and "\nab" in screen())
    press("C-g")
    until("proposals: C-g takes it away", lambda: ghost() is None and "\nab" in screen())
    call("litellm-propose-mode")
    for _ in "ab":
        press("BSpace")
    until("proposals: nothing stays", undone)


def ghost():
    """The ghost text at the end of the file: what is grey behind a typed letter."""
    painted = terminal.tmux("capture-pane", "-e", "-p", "-t", "editor")
    found = re.search(r"\n[ab]+\x1b\[[0-9;]*m([^\n\x1b]+)", painted)
    return found and found[1]


def reading():
    select(3)
    call("litellm-explain")
    shows("explain: the answer opens beside", "*LiteLLM answer*", "described: ")
    write("typed")
    until("explain: the focus stays in the file", lambda: "some linestyped" in screen())
    press("C-_")
    notes()
    call("litellm-commit-message")
    shows("commit message: of what is staged", "*LiteLLM answer*", "described")
    notes()


def secrets():
    (HOME / "work/.env").write_text("SECRET=1\n")
    press("C-x", "C-f")
    answer("Find file: ~", ".env")
    until_shown("the file of secrets", lambda: "SECRET=1" in screen())
    call("litellm-complete")
    shows("secrets: the user is asked before a file goes out", ".env may hold secrets", "Send It")
    press("Enter")
    until("secrets: an empty answer sends nothing", lambda: "may hold secrets" not in screen())
    notes()


def tables():
    call("litellm-usage")
    shows("usage: by model, today and before", "Usage", "today", "7 days", "30 days", "described ")
    notes()
    call("litellm-status")
    says("status: one line", "using described")
    call("litellm-menu")
    shows("menu: all there is", "h chat", "r rewrite", "m use a model", ", configure")
    press("C-g")


def ended():
    """A wrong key, and a proxy that is away."""
    global KEY
    terminal.end()
    KEY = "sk-wrong"
    start()
    call("litellm-complete")
    says("wrong key: said, with what to do", "LiteLLM: set apiKey")
    call("litellm-status")
    shows("wrong key: a page says what was checked", "✗", "→ set apiKey")
    terminal.end()
    subprocess.run([SERVER, "config", "set", "baseUrl", "http://127.0.0.1:9"], env=environment(), check=True)
    start()
    call("litellm-use-model")
    says("proxy down: said, with what to do", "LiteLLM: start the proxy, or correct baseUrl")


terminal = Terminal(HOME, environment)
screen, press, write = terminal.screen, terminal.press, terminal.write
until, until_shown, shows = terminal.until, terminal.until_shown, terminal.shows
prepare()
try:
    session()
finally:
    terminal.end()
    shutil.rmtree(HOME, ignore_errors=True)
