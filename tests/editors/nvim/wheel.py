#!/usr/bin/env python3
"""Makes a wheel of a program, as `scripts/package` does, quickly and for this machine alone: wheel.py PROGRAM VERSION FOLDER."""

import pathlib
import sys
import zipfile

program, version, folder = sys.argv[1:]
name = f"litellm_ls-{version}"
files = {
    f"{name}.data/scripts/litellm-ls": pathlib.Path(program).read_bytes(),
    f"{name}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: litellm-ls\nVersion: {version}\n".encode(),
    f"{name}.dist-info/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
}
record = f"{name}.dist-info/RECORD"
files[record] = "".join(f"{file},,\n" for file in [*files, record]).encode()
with zipfile.ZipFile(pathlib.Path(folder) / f"{name}-py3-none-any.whl", "w") as wheel:
    for file, text in files.items():
        entry = zipfile.ZipInfo(file)
        entry.external_attr = 0o100755 << 16
        wheel.writestr(entry, text)
