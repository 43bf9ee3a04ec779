#!/usr/bin/env python3
"""Makes of a program all that people install on its system, and of the sources what runs on any.

    python3 scripts/package PROGRAM FOLDER                  all kinds that this program can be in
    python3 scripts/package PROGRAM FOLDER archive npm      these kinds
    python3 scripts/package FOLDER                          SHA256SUMS anew, for what several machines have made, and
                                                            with --from what other channels need to install the archives

Kinds: archive, npm, wheel, deb (Linux), vscode (needs `npm ci` in editors/vscode), neovim, emacs, zed, installer, sbom. Every run
writes SHA256SUMS of what is in FOLDER.

The same program and commit give the same bytes, wherever and whenever: times are that of the commit, or SOURCE_DATE_EPOCH.

  --from ADDRESS   where the installer downloads from [default: the folder that it is in]
  --system-only    leave out what is the same for all systems, and made with the first one
  --fast           pack quickly rather than small, for tests
"""

import argparse
import hashlib
import pathlib
import sys

import archive
import channels
import crates
import debian
import emacs
import installer
import neovim
import npm
import vscode
import wheel
import zed
from common import Release, System

# Those of a system, some of which bring one for all systems too.
OF_SYSTEM = {
    "archive": archive.make,
    "npm": npm.make,
    "wheel": wheel.make,
    "deb": debian.make,
    "vscode": vscode.make,
}
OF_ALL = {
    "neovim": neovim.make,
    "emacs": emacs.make,
    "zed": zed.make,
    "installer": installer.make,
    "sbom": crates.make,
}
KINDS = OF_SYSTEM | OF_ALL


def sums(folder):
    """Writes SHA256SUMS, in the form that `sha256sum --check` reads; the sums by name."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != "SHA256SUMS")
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    (folder / "SHA256SUMS").write_bytes("".join(f"{sum}  {name}\n" for name, sum in sums.items()).encode())
    return sums


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="+", metavar="[PROGRAM] FOLDER [KIND…]")
    parser.add_argument("--from", dest="source", default="")
    parser.add_argument("--system-only", action="store_true")
    parser.add_argument("--fast", action="store_true")
    given = parser.parse_args()
    if len(given.places) == 1:
        folder = pathlib.Path(given.places[0]).resolve()
        if given.source:
            print(channels.make(folder, sums(folder), given.source, given.fast).name)
        sums(folder)
        return
    program, folder, *kinds = given.places
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        parser.error(f"there is no kind {unknown[0]}: take {', '.join(KINDS)}")
    program, folder = pathlib.Path(program).resolve(), pathlib.Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    system = System.of(program)
    release = Release(folder, given.fast, program, system, given.source, given.system_only)
    usual = OF_SYSTEM if given.system_only else KINDS
    for kind in kinds or [kind for kind in usual if kind != "deb" or system.deb]:
        for made in KINDS[kind](release):
            print(made.relative_to(folder))
    sums(folder)


if __name__ == "__main__":
    sys.exit(main())
