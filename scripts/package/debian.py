"""A package of Debian and Ubuntu."""

import gzip
import os
import tempfile
import pathlib

from common import COMPLETIONS, DESCRIPTION, LICENCES, manual, run, text_files
from crates import notices

# zsh of Debian looks for what packages bring in a folder of its own.
ZSH = "share/zsh/vendor-completions/_litellm-ls"


def make(release):
    arch = release.system.deb
    made = release.folder / f"litellm-ls_{release.version}_{arch}.deb"
    files = contents(release)
    size = sum(map(len, files.values()))
    control = {
        "Package": "litellm-ls",
        # A version that is not out yet comes before the one that is.
        "Version": release.version.replace("-", "~"),
        "Architecture": arch,
        "Maintainer": "The litellm-ls authors <litellm-ls@localhost>",
        "Installed-Size": str(-(-size // 1024)),
        **({} if release.system.is_static else {"Depends": "libc6"}),
        "Section": "editors",
        "Priority": "optional",
        "Description": f"{DESCRIPTION.split(':')[0]}\n Models, prices and streaming completions, in editors and on the command line.",
    }
    files["DEBIAN/control"] = "".join(f"{key}: {value}\n" for key, value in control.items()).encode()
    with tempfile.TemporaryDirectory() as work:
        root = pathlib.Path(work) / "root"
        for path, data in files.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
            file.chmod(0o755 if path == "usr/bin/litellm-ls" else 0o644)
        for folder in [root, *(path for path in root.rglob("*") if path.is_dir())]:
            folder.chmod(0o755)
        kind = ["-Zgzip", "-z1"] if release.fast else ["-Zxz"]
        env = dict(os.environ, SOURCE_DATE_EPOCH=str(release.time))
        run("dpkg-deb", "--root-owner-group", *kind, "--build", root, made, env=env)
    return [made]


def contents(release):
    about = "usr/share/doc/litellm-ls"
    copyright = b"litellm-ls is licensed under the MIT License or the Apache License, Version 2.0, as you like.\n\n"
    licences = text_files(*LICENCES)
    copyright += b"\n\n".join([*licences.values(), notices(release)])
    files = {
        "usr/bin/litellm-ls": release.program.read_bytes(),
        f"{about}/copyright": copyright,
        f"{about}/changelog.gz": packed(*text_files("CHANGELOG.md").values()),
    }
    files |= {f"usr/share/man/man1/{page}.gz": packed(text) for page, text in manual().items()}
    for shell, path in COMPLETIONS.items():
        if path:
            files[f"usr/{ZSH if shell == 'zsh' else path}"] = release.completions[shell]
    return files


def packed(data):
    return gzip.compress(data, 9, mtime=0)
