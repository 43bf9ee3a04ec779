"""The extension of VS Code: one with the program for its system inside, and one that takes the program on the PATH."""

import zipfile

from common import ROOT, run, text_files
from crates import notices


def make(release):
    name = f"litellm-ls-{release.version}"
    inside = release.folder / f"{name}-{release.system.node}.vsix"
    without = [] if release.system_only else [release.folder / f"{name}.vsix"]
    run("node", ROOT / "editors/vscode/package.mjs", release.program, inside, release.system.node, *without)
    beside = {"THIRD-PARTY": notices(release), **text_files("NOTICE")}
    again(release, inside, {f"extension/bin/{path}": data for path, data in beside.items()})
    for made in without:
        again(release, made, {})
    return [inside, *without]


def again(release, made, more):
    """Packs what VS Code's tool has packed with times, an order and rights that are the same each time, and more files."""
    with zipfile.ZipFile(made) as archive:
        files = {path: archive.read(path) for path in archive.namelist()}
    release.zip(made.name, dict(sorted((files | more).items())))
