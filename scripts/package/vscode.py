"""The extension of VS Code: one with the program for its system inside, and one that takes the program on the PATH."""

import zipfile

from common import ROOT, run, text_files
from crates import notices


def make(release):
    name = f"litellm-ls-{release.version}"
    inside = release.folder / f"{name}-{release.system.node}.vsix"
    without = [] if release.system_only else [release.folder / f"{name}.vsix"]
    run("node", ROOT / "editors/vscode/package.mjs", release.program, inside, release.system.node, *without)
    with zipfile.ZipFile(inside, "a", zipfile.ZIP_DEFLATED) as archive:
        for path, data in {"THIRD-PARTY": notices(release), **text_files("NOTICE")}.items():
            archive.writestr(f"extension/bin/{path}", data)
    return [inside, *without]
