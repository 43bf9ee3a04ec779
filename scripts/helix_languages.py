#!/usr/bin/env python3
"""Writes editors/helix/languages.toml anew, from what a Helix says of its languages: helix_languages.py HX

Helix has no entry for all languages, and what names our server for one replaces Helix's own list. So each language is
written down with the servers that this Helix has for it, and ours behind them. Every entry is tried in that Helix.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

TARGET = pathlib.Path(__file__).resolve().parents[1] / "editors/helix/languages.toml"
HEAD = """\
# LiteLLM in Helix: put this into ~/.config/helix/languages.toml.
# Where the proxy is and how its key is given comes from `litellm-ls config set …`, and nothing here overrides it.
# What is off at first is switched on by a line below `timeout`, such as: config = { features = { completion = true } }

[language-server.litellm]
command = "litellm-ls"
timeout = 120

# Helix has no entry for all languages, and `language-servers` replaces its own list: so each language names its usual
# servers again. Delete what you don't use, and put the servers that you have added before ours.
# Written by scripts/helix_languages.py.
"""
# Servers whose name in Helix is not that of their program.
NAMES = {
    "OmniSharp": "omnisharp",
    "R": "r",
    "ada_language_server": "ada-language-server",
    "erlang_ls": "erlang-ls",
    # The same program, with an argument of its own.
    "gpr: ada_language_server": "ada-gpr-language-server",
    "fsautocomplete": "fsharp-ls",
    "golangci-lint-langserver": "golangci-lint-lsp",
    "graphql-lsp": "graphql-language-service",
    "haskell-language-server-wrapper": "haskell-language-server",
    "jedi-language-server": "jedi",
    "magic": "mojo-lsp",
    "nu": "nu-lsp",
    "pb": "pbkit",
    "tsp-server": "typespec",
    "v-analyzer": "vlang-language-server",
    "vue-language-server": "vuels",
}


def health(hx, what, home):
    """What `hx --health` says, on a terminal so wide that nothing is cut off."""
    run = ["script", "-qc", f"stty cols 400; {hx} --health {what}", "/dev/null"]
    env = {**os.environ, "XDG_CONFIG_HOME": str(home)}
    said = subprocess.run(run, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout
    return re.sub(r"\x1b\[[0-9;]*m", "", said).replace("\r", "")


def servers(hx, language, home):
    """The programs of a language's servers."""
    lines = health(hx, language, home).splitlines()
    return [line.split(":")[0].strip("✘✓ ") for line in lines if re.match(r"  [✘✓] ", line)]


def entry(language, names):
    listed = ", ".join(f'"{name}"' for name in [*names, "litellm"])
    return f'\n[[language]]\nname = "{language}"\nlanguage-servers = [{listed}]\n'


def main(hx):
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder)
        table = health(hx, "languages", home).splitlines()
        languages = [line.split()[0] for line in table if re.match(r"[a-z]\S* ", line)]
        before = {language: servers(hx, language, home) for language in languages}
        text = HEAD
        for language, programs in before.items():
            text += entry(language, [NAMES.get(f"{language}: {program}") or NAMES.get(program, program) for program in programs])
        (home / "helix").mkdir(exist_ok=True)
        (home / "helix/languages.toml").write_text(text)
        now = {language: servers(hx, language, home) for language in languages}
        wrong = [language for language in languages if now[language] != [*before[language], "litellm-ls"]]
        for language in wrong:
            print(f"{language}: its servers were {before[language]} and became {now[language]}: add to NAMES")
        if wrong:
            sys.exit(1)
    TARGET.write_text(text)
    print(f"{TARGET}: {len(languages)} languages")


main(sys.argv[1])
