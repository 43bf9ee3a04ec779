"""Packages of npm: one for each system with the program, and `litellm-ls`, which has them as optional dependencies.

npm installs of these the one that fits; nothing is run or downloaded at that time.
"""

import json
import pathlib

from common import DESCRIPTION, LICENCES, SYSTEMS, text_files
from crates import notices

HERE = pathlib.Path(__file__).parent


def make(release):
    return [program(release), *([] if release.system_only else [starter(release)])]


def name(system):
    return f"litellm-ls-{system.node}"


def program(release):
    system = release.system
    os, cpu = system.node.split("-")
    about = {
        "name": name(system),
        "version": release.version,
        "description": f"The program of litellm-ls for {os} {cpu}: install litellm-ls",
        "license": "MIT OR Apache-2.0",
        "os": [os],
        "cpu": [cpu],
    }
    files = {f"bin/litellm-ls{system.exe}": release.program.read_bytes(), "THIRD-PARTY": notices(release)}
    return pack(release, about, files | text_files(*LICENCES))


def starter(release):
    about = {
        "name": "litellm-ls",
        "version": release.version,
        "description": DESCRIPTION,
        "license": "MIT OR Apache-2.0",
        "keywords": ["litellm", "llm", "language-server", "lsp"],
        "bin": {"litellm-ls": "litellm-ls.js"},
        "engines": {"node": ">=18"},
        "optionalDependencies": {name(system): release.version for system in SYSTEMS.values()},
    }
    files = {"litellm-ls.js": (HERE / "npm/litellm-ls.js").read_bytes()}
    return pack(release, about, files | text_files("README.md", *LICENCES))


def pack(release, about, files):
    files["package.json"] = json.dumps(about, indent=2).encode() + b"\n"
    packed = {f"package/{path}": data for path, data in files.items()}
    return release.tar(f"{about['name']}-{release.version}.tgz", packed)
