"""The plugin of Neovim: an archive that is unpacked where Neovim looks, and what LuaRocks needs to install from it."""

from common import DESCRIPTION, LICENCES, ROOT, run, text_files

PLUGIN = "editors/nvim"


def make(release):
    name = f"litellm.nvim-{release.version}"
    listed = run("git", "ls-files", "-z", PLUGIN).split("\0")
    files = {path.removeprefix(f"{PLUGIN}/"): (ROOT / path).read_bytes() for path in listed if path}
    del files["stylua.toml"]
    files |= text_files(*LICENCES)
    folders = sorted({path.split("/")[0] for path in files if "/" in path} - {"lua"})
    spec = release.folder / f"{name}-1.rockspec"
    spec.write_bytes(rockspec(release, f"{name}.tar.gz", folders).encode())
    return [release.tar(f"{name}.tar.gz", {f"{name}/{path}": data for path, data in files.items()}), spec]


def rockspec(release, archive, folders):
    source = f"{release.source}/{archive}" if release.source else archive
    copied = ", ".join(f"'{folder}'" for folder in folders)
    return f"""rockspec_format = '3.0'
package = 'litellm.nvim'
version = '{release.version}-1'
source = {{ url = '{source}', dir = '{archive.removesuffix(".tar.gz")}' }}
description = {{ summary = '{DESCRIPTION}', license = 'MIT OR Apache-2.0' }}
dependencies = {{ 'lua >= 5.1' }}
build = {{ type = 'builtin', copy_directories = {{ {copied} }} }}
"""
