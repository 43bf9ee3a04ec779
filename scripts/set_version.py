#!/usr/bin/env python3
"""Sets the one version of the program, the protocol's crates and the editors' integrations, and releases the changelog.

    scripts/set_version.py 0.2.0      sets it everywhere; what is unreleased in CHANGELOG.md becomes that of this version
    scripts/set_version.py --check    says where it is another than in Cargo.toml
    scripts/set_version.py --list     prints the files that have it

Packages of npm, of Python's index, of Debian and of LuaRocks are made with the version of Cargo.toml by scripts/package.
"""

import datetime
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
VERSION = r"\d+\.\d+\.\d+"
CRATES = ["litellm-ls", "litellm-ls-client", "litellm-ls-conformance", "litellm-ls-protocol"]
NPM = r'\A\{\s+"name": "[^"]+",[^{}]*?"version": "(%)"'
TOML = r'^version = "(%)"$'

# Each place: a file, and a pattern that is there once, with % for the version. The first is the one that all agree with.
PLACES = [
    ("Cargo.toml", r'^\[workspace\.package\]\nversion = "(%)"$'),
    *(("Cargo.toml", rf'^{crate} = .*version = "(%)"') for crate in CRATES[1:]),
    *(("Cargo.lock", rf'^name = "{crate}"\nversion = "(%)"$') for crate in CRATES),
    ("editors/vscode/package.json", NPM.replace("[^{}]*?", "(?:.|\n)*?")),
    ("editors/vscode/package-lock.json", NPM),
    ("editors/vscode/package-lock.json", r'^    "": \{\n      "name": "litellm-ls",\n      "version": "(%)"'),
    ("editors/zed/Cargo.toml", TOML),
    ("editors/zed/extension.toml", TOML),
    ("editors/nvim/lua/litellm/install.lua", r"^local VERSION = '(%)'$"),
    ("editors/emacs/litellm.el", r"^;; Version: (%)$"),
    ("protocol/clients/python/pyproject.toml", TOML),
    ("protocol/clients/typescript/package.json", NPM),
    ("protocol/examples/discover.response.json", r'^      "version": "(%)"$'),
    ("protocol/PROTOCOL.md", r'^      "version": "(%)"$'),
    ("docs/config-yaml.md", r"^    rev: v(%)$"),
    ("docs/config-yaml.md", r"^- uses: \S+@v(%)$"),
]


def place(text, file, pattern):
    """Where the version stands in a text."""
    found = list(re.finditer(pattern.replace("%", VERSION), text, re.M))
    if len(found) != 1:
        sys.exit(f"{file} has {len(found)} places like {pattern}, not one: correct PLACES in scripts/set_version.py")
    return found[0]


def check():
    told = [(file, place((ROOT / file).read_text(), file, pattern)[1]) for file, pattern in PLACES]
    wanted = told[0][1]
    wrong = [f"{file} has {version}, Cargo.toml {wanted}" for file, version in told if version != wanted]
    sys.exit("\n".join(wrong) or None)


def write(version):
    texts = {file: (ROOT / file).read_text() for file, _ in PLACES}
    for file, pattern in PLACES:
        start, end = place(texts[file], file, pattern).span(1)
        texts[file] = texts[file][:start] + version + texts[file][end:]
    for file, text in texts.items():
        (ROOT / file).write_text(text)


def release(version):
    """What is unreleased belongs to this version from today on."""
    file = ROOT / "CHANGELOG.md"
    text = file.read_text()
    if f"\n## [{version}]" in text:
        return
    head = "\n## [Unreleased]\n"
    if text.count(head) != 1:
        sys.exit("CHANGELOG.md has no one heading [Unreleased]")
    before, unreleased = text.split(head)
    unreleased = re.sub(r"\A\nThis will be .*\n", "", unreleased)
    file.write_text(f"{before}{head}\n## [{version}] - {datetime.date.today()}\n{unreleased}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--check"]:
            check()
        case ["--list"]:
            print("\n".join(sorted({file for file, _ in PLACES})))
        case [version] if re.fullmatch(VERSION, version):
            write(version)
            release(version)
        case _:
            sys.exit(__doc__)
