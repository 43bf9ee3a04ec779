"""An archive with the program and all that goes along: unpack it anywhere, or let the installer do it."""

from common import LICENCES, manual, text_files
from crates import notices


def make(release):
    name = f"litellm-ls-{release.version}-{release.system.name}"
    files = {f"litellm-ls{release.system.exe}": release.program.read_bytes(), "THIRD-PARTY": notices(release)}
    files |= text_files("README.md", "CHANGELOG.md", "SECURITY.md", *LICENCES)
    files |= {f"man/{page}": text for page, text in manual().items()}
    files |= {f"completions/litellm-ls.{shell}": text for shell, text in release.completions.items()}
    files = {f"{name}/{path}": data for path, data in files.items()}
    # Windows opens zip by itself.
    return [release.zip(f"{name}.zip", files) if release.system.exe else release.tar(f"{name}.tar.gz", files)]
