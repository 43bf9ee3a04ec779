"""A wheel for pip, pipx and uv, with the program as a script: https://packaging.python.org/specifications/binary-distribution-format."""

import base64
import hashlib

from common import DESCRIPTION, LICENCES, ROOT, text_files
from crates import notices


def make(release):
    tag = release.system.wheel
    name = f"litellm_ls-{release.version}"
    about = f"{name}.dist-info"
    licences = {f"{about}/licenses/{path}": data for path, data in text_files(*LICENCES).items()}
    files = {
        f"{name}.data/scripts/litellm-ls{release.system.exe}": release.program.read_bytes(),
        **licences,
        f"{about}/licenses/THIRD-PARTY": notices(release),
        f"{about}/METADATA": metadata(release.version),
        f"{about}/WHEEL": wheel(tag),
    }
    record = f"{about}/RECORD"
    files[record] = "".join([*map(line, files.items()), f"{record},,\n"]).encode()
    return [release.zip(f"{name}-py3-none-{tag}.whl", files)]


def metadata(version):
    files = "".join(f"License-File: {name}\n" for name in [*LICENCES, "THIRD-PARTY"])
    readme = (ROOT / "README.md").read_text()
    return f"""Metadata-Version: 2.4
Name: litellm-ls
Version: {version}
Summary: {DESCRIPTION}
License-Expression: MIT OR Apache-2.0
{files}Keywords: litellm,llm,language-server,lsp
Requires-Python: >=3.8
Description-Content-Type: text/markdown

{readme}""".encode()


def wheel(tag):
    tags = tag.split(".")
    lines = "".join(f"Tag: py3-none-{tag}\n" for tag in tags)
    return f"Wheel-Version: 1.0\nGenerator: litellm-ls\nRoot-Is-Purelib: false\n{lines}".encode()


def line(file):
    """A line of RECORD: a path, its sum and its size."""
    path, data = file
    sum = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{path},sha256={sum},{len(data)}\n"
