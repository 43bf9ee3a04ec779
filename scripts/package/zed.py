"""The extension of Zed, compiled: what Zed keeps of one that is installed."""

from common import LICENCES, ROOT, run, text_files


def make(release):
    built = ROOT / run(ROOT / "scripts/build_dist", "wasm32-wasip2").splitlines()[-1]
    files = {name: (ROOT / "editors/zed" / name).read_bytes() for name in ("extension.toml", "README.md")}
    files |= {"extension.wasm": built.read_bytes(), **text_files(*LICENCES)}
    packed = {f"litellm/{path}": data for path, data in files.items()}
    return [release.tar(f"litellm-zed-{release.version}.tar.gz", packed)]
