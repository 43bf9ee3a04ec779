#!/usr/bin/env python3
"""Kills editors amid an answer, and measures how soon their server and its connection to the proxy are gone.

    scripts/kill_editors.py EDITORS SERVER [VSIX]

EDITORS is a folder that `tests/editors/install.py` filled, with nvim and hx; SERVER is a litellm-ls. With VSIX, which
has a server inside, VS Code is killed too. In each round a fresh editor starts, a model begins to answer, and the process
that started the server gets SIGKILL, so that nobody tells the server. Fails where one of the two is left after a second.
"""

import contextlib
import functools
import http.server
import json
import os
import pathlib
import queue
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

PROJECT = pathlib.Path(__file__).resolve().parent.parent
ROUNDS = 20
START_LIMIT = 60
END_LIMIT = 1


class Proxy(http.server.BaseHTTPRequestHandler):
    """A proxy with one model, which begins an answer and never ends it."""

    protocol_version = "HTTP/1.1"
    begun = queue.Queue()
    closed = queue.Queue()

    def do_GET(self):
        models = {"data": [{"id": "m", "model_name": "m", "litellm_params": {"model": "openai/m"}}]}
        self.answer("application/json", json.dumps(models).encode())

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m",
                 "choices": [{"index": 0, "delta": {"role": "assistant", "content": " y"}}]}
        self.answer("text/event-stream", f"data: {json.dumps(chunk)}\n\n".encode(), length=1 << 20)
        self.begun.put(None)
        with contextlib.suppress(OSError):
            self.connection.recv(1)
        self.closed.put(time.monotonic())
        self.close_connection = True

    def answer(self, kind, body, length=None):
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def nvim(editors, home, env):
    scripts = PROJECT / "tests/editors/nvim"
    env["LITELLM_TEST_SUPPORT"] = str(scripts / "support.lua")
    run = f"autocmd VimEnter * lua vim.schedule(function() dofile('{scripts}/killed.lua') end)"
    plugin = f"set runtimepath^={PROJECT}/editors/nvim"
    editor = subprocess.Popen([editors / "bin/nvim", "--headless", "--cmd", plugin, "-c", run], env=env, cwd=home,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield lambda: Proxy.begun.get(timeout=START_LIMIT)
    finally:
        editor.kill()
        editor.wait()


@contextlib.contextmanager
def hx(editors, home, env):
    config = home / ".config/helix"
    config.mkdir(parents=True)
    (config / "languages.toml").write_text(
        '[language-server.litellm]\ncommand = "litellm-ls"\n'
        '[[language]]\nname = "markdown"\nlanguage-servers = ["litellm"]\n'
    )
    (home / "notes.md").write_text("some lines\n")

    def tmux(*words):
        words = ["tmux", "-S", home / "tmux", "-f", "/dev/null", *words]
        return subprocess.run(words, env=env, capture_output=True, text=True).stdout

    def ask():
        """Takes the first line of the menu about the selection, which has a model rewrite it."""
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            for keys in ["Escape", "x", "Space", "a"]:
                tmux("send-keys", "-t", "hx", keys)
                time.sleep(0.06)
            again = time.monotonic() + 1
            while time.monotonic() < again:
                if "rewrite the selection" in tmux("capture-pane", "-p", "-t", "hx"):
                    tmux("send-keys", "-t", "hx", "Enter")
                    return Proxy.begun.get(timeout=START_LIMIT)
        raise TimeoutError(tmux("capture-pane", "-p", "-t", "hx"))

    tmux("new-session", "-d", "-s", "hx", "-x", "100", "-y", "30", "-c", str(home), f"{editors}/bin/hx notes.md")
    try:
        yield ask
    finally:
        tmux("kill-server")


@contextlib.contextmanager
def vscode(vsix, editors, home, env):
    """What starts the server there is the extension host, a process of Node."""
    env.update(TMPDIR=str(home), KILLED_KEY=env["LITELLM_API_KEY"])
    script = PROJECT / "tests/editors/vscode/killed.mjs"
    editor = subprocess.Popen(["node", script, editors, vsix, env["LITELLM_BASE_URL"]], env=env,
                              stdin=subprocess.PIPE)
    try:
        yield lambda: Proxy.begun.get(timeout=START_LIMIT)
    finally:
        editor.stdin.close()
        editor.wait()


def server_of(home):
    """The server that runs for the editor of a home, and what started it."""
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            # The server shows its own environment to nobody, and has it from what started it.
            if (folder / "comm").read_text().strip() == "litellm-ls":
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                if f"HOME={home}".encode() in pathlib.Path(f"/proc/{parent}/environ").read_bytes():
                    return int(folder.name), parent
    raise LookupError("no server runs")


def name(pid):
    return pathlib.Path(f"/proc/{pid}/exe").readlink().name


def kill_once(editor, program, server, editors, url):
    """One round: the seconds until the server and its connection were gone after their editor, a PROGRAM, was killed."""
    with tempfile.TemporaryDirectory(prefix="litellm-ls-kill-", ignore_cleanup_errors=True) as folder:
        home = pathlib.Path(folder)
        (home / "bin").mkdir()
        (home / "bin/litellm-ls").symlink_to(server)
        env = {"HOME": folder, "PATH": f"{home}/bin:{os.environ['PATH']}", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8",
               "LITELLM_BASE_URL": url, "LITELLM_API_KEY": "sk-none", "LITELLM_MODEL": "m"}
        with editor(editors, home, env) as ask:
            ask()
            pid, parent = server_of(home)
            if name(parent) != program:
                sys.exit(f"{name(parent)} started the server, not {program}")
            watched = os.pidfd_open(pid)
            killed = time.monotonic()
            os.kill(parent, signal.SIGKILL)
            if not select.select([watched], [], [], END_LIMIT)[0]:
                sys.exit(f"{program} was killed, and its server is left after {END_LIMIT} s")
            gone = time.monotonic()
            os.close(watched)
            try:
                return max(gone, Proxy.closed.get(timeout=END_LIMIT)) - killed
            except queue.Empty:
                sys.exit(f"{program} was killed, and the connection of its server is left after {END_LIMIT} s")


def main(editors, server, vsix=None):
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{proxy.server_port}"
    programs = {"nvim": nvim, "hx": hx}
    if vsix:
        programs["node"] = functools.partial(vscode, pathlib.Path(vsix).resolve())
    for program, editor in programs.items():
        took = [kill_once(editor, program, pathlib.Path(server).resolve(), pathlib.Path(editors).resolve(), url)
                for _ in range(ROUNDS)]
        print(f"{program}: {ROUNDS} of {ROUNDS} within {END_LIMIT} s; "
              f"median {statistics.median(took) * 1000:.0f} ms, slowest {max(took) * 1000:.0f} ms", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
