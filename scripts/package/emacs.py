"""The package of Emacs, as its package manager installs it from a file: a .tar with a folder of the package's name and version."""

import re

from common import LICENCES, ROOT, run, text_files

PACKAGE = "editors/emacs"


def make(release):
    name = f"litellm-{release.version}"
    listed = run("git", "ls-files", "-z", PACKAGE).split("\0")
    files = {path.removeprefix(f"{PACKAGE}/"): (ROOT / path).read_bytes() for path in listed if path}
    files["litellm-pkg.el"] = about(release.version, files["litellm.el"].decode()).encode()
    files |= text_files(*LICENCES)
    return [release.tar(f"{name}.tar", {f"{name}/{path}": data for path, data in files.items()})]


def about(version, source):
    """What Emacs knows of the package, from the headers of its main file."""
    [summary] = re.findall(r"^;;; litellm\.el --- (.*?)  -\*-", source)
    [needs] = re.findall(r"^;; Package-Requires: (.*)$", source, re.M)
    return f""";;; -*- no-byte-compile: t; lexical-binding: nil -*-
(define-package "litellm" "{version}" "{summary}" '{needs})
"""
