"""What other channels need to install the archives of a release: formulas and manifests, with addresses and sums.

They are made of the archives that are in the folder, and go to each channel by hand: RELEASE.md.
"""

import dataclasses
import json

from common import DESCRIPTION, SYSTEMS, Packer, version

LICENCE = "MIT OR Apache-2.0"


@dataclasses.dataclass(frozen=True)
class Archive:
    """An archive of a system: where it is, and its sum."""

    name: str
    url: str
    sum: str

    @property
    def root(self):
        """The folder that is in it."""
        return self.name.removesuffix(".zip").removesuffix(".tar.gz")


def make(folder, sums, source, fast):
    """One archive of all of them; `sums` has those of the files by name, `source` is where people download from."""
    archives = {}
    for system in SYSTEMS:
        stem = f"litellm-ls-{version()}-{system}"
        for name in (f"{stem}.tar.gz", f"{stem}.zip"):
            if name in sums:
                archives[system] = Archive(name, f"{source}/{name}", sums[name])
    missing = SYSTEMS.keys() - archives.keys()
    if missing:
        raise SystemExit(f"other channels want all systems, and there is no archive of {', '.join(sorted(missing))}")
    home = source.split("/releases/")[0]
    made = {path: write(archives, home).encode() for path, write in CHANNELS.items()}
    return Packer(folder, fast).zip(f"litellm-ls-channels-{version()}.zip", made)


def homebrew(archives, home):
    def block(system):
        return f'url "{archives[system].url}"\n      sha256 "{archives[system].sum}"'

    return f'''class LitellmLs < Formula
  desc "Connects any editor to a LiteLLM proxy"
  homepage "{home}"
  version "{version()}"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      {block("aarch64-macos")}
    end
    on_intel do
      {block("x86_64-macos")}
    end
  end
  on_linux do
    on_arm do
      {block("aarch64-linux")}
    end
    on_intel do
      {block("x86_64-linux")}
    end
  end

  def install
    bin.install "litellm-ls"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/litellm-ls.bash" => "litellm-ls"
    zsh_completion.install "completions/litellm-ls.zsh" => "_litellm-ls"
    fish_completion.install "completions/litellm-ls.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{{bin}}/litellm-ls --version")
  end
end
'''


def scoop(archives, home):
    windows = archives["x86_64-windows"]
    manifest = {
        "version": version(),
        "description": DESCRIPTION,
        "homepage": home,
        "license": LICENCE.replace(" OR ", "|"),
        "architecture": {"64bit": {"url": windows.url, "hash": windows.sum, "extract_dir": windows.root}},
        "bin": "litellm-ls.exe",
    }
    return json.dumps(manifest, indent=4) + "\n"


def winget(archives, home):
    windows = archives["x86_64-windows"]
    return f"""PackageIdentifier: litellm-ls.litellm-ls
PackageVersion: {version()}
PackageLocale: en-US
Publisher: litellm-ls
PackageName: litellm-ls
PackageUrl: {home}
License: {LICENCE}
ShortDescription: {DESCRIPTION.split(":")[0]}
InstallerType: zip
NestedInstallerType: portable
NestedInstallerFiles:
- RelativeFilePath: {windows.root}\\litellm-ls.exe
  PortableCommandAlias: litellm-ls
Installers:
- Architecture: x64
  InstallerUrl: {windows.url}
  InstallerSha256: {windows.sum.upper()}
ManifestType: singleton
ManifestVersion: 1.6.0
"""


def aur(archives, home):
    linux = {cpu: archives[f"{cpu}-linux"] for cpu in ("x86_64", "aarch64")}
    sources = "\n".join(f"source_{cpu}=('{of.url}')\nsha256sums_{cpu}=('{of.sum}')" for cpu, of in linux.items())
    return f"""pkgname=litellm-ls-bin
pkgver={version()}
pkgrel=1
pkgdesc='{DESCRIPTION.split(":")[0]}'
arch=('x86_64' 'aarch64')
url='{home}'
license=('MIT' 'Apache-2.0')
provides=('litellm-ls')
conflicts=('litellm-ls')
{sources}

package() {{
  cd "litellm-ls-$pkgver-$CARCH-linux"
  install -Dm755 litellm-ls "$pkgdir/usr/bin/litellm-ls"
  install -Dm644 -t "$pkgdir/usr/share/man/man1" man/*.1
  install -Dm644 completions/litellm-ls.bash "$pkgdir/usr/share/bash-completion/completions/litellm-ls"
  install -Dm644 completions/litellm-ls.zsh "$pkgdir/usr/share/zsh/site-functions/_litellm-ls"
  install -Dm644 completions/litellm-ls.fish "$pkgdir/usr/share/fish/vendor_completions.d/litellm-ls.fish"
  install -Dm644 -t "$pkgdir/usr/share/licenses/$pkgname" LICENSE-MIT LICENSE-APACHE NOTICE THIRD-PARTY
}}
"""


def nix(archives, home):
    names = {"x86_64-linux": "x86_64-linux", "aarch64-linux": "aarch64-linux"}
    names |= {"x86_64-macos": "x86_64-darwin", "aarch64-macos": "aarch64-darwin"}
    archive = "\n".join(
        f'        {nix} = {{ url = "{archives[ours].url}"; sha256 = "{archives[ours].sum}"; }};' for ours, nix in names.items()
    )
    return f'''{{
  description = "{DESCRIPTION.split(":")[0]}";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";
  outputs = {{ nixpkgs, ... }}:
    let
      archives = {{
{archive}
      }};
    in {{
      packages = builtins.mapAttrs (system: archive:
        let pkgs = nixpkgs.legacyPackages.${{system}}; in {{
          default = pkgs.stdenv.mkDerivation {{
            pname = "litellm-ls";
            version = "{version()}";
            src = pkgs.fetchurl archive;
            nativeBuildInputs = [ pkgs.installShellFiles ];
            installPhase = \'\'
              install -Dm755 litellm-ls $out/bin/litellm-ls
              installManPage man/*.1
              installShellCompletion completions/litellm-ls.{{bash,zsh,fish}}
            \'\';
            meta = {{ homepage = "{home}"; mainProgram = "litellm-ls"; }};
          }};
        }}) archives;
    }};
}}
'''


def mason(archives, home):
    owner = home.split("://")[-1].split("/", 1)[-1]
    names = {
        "linux_x64": "x86_64-linux",
        "linux_arm64": "aarch64-linux",
        "darwin_x64": "x86_64-macos",
        "darwin_arm64": "aarch64-macos",
        "win_x64": "x86_64-windows",
    }
    later = '{{version | strip_prefix "v"}}'
    assets = ""
    for target, system in names.items():
        archive = archives[system]
        program = f"{archive.root}/litellm-ls{SYSTEMS[system].exe}"
        assets += f"    - target: {target}\n"
        assets += f"      file: {archive.name.replace(version(), later)}\n"
        assets += f"      bin: {program.replace(version(), later)}\n"
    return f"""---
name: litellm-ls
description: {DESCRIPTION.split(":")[0]}
homepage: {home}
licenses: [MIT, Apache-2.0]
languages: []
categories: [LSP]
source:
  id: pkg:github/{owner}@v{version()}
  asset:
{assets}bin:
  litellm-ls: "{{{{source.asset.bin}}}}"
"""


def lspconfig(archives, home):
    return f"""---@brief
---
--- {home}
---
--- {DESCRIPTION}.
--- It is for every file type, beside the server of the language; `litellm-ls config` says where the proxy is.

---@type vim.lsp.Config
return {{
  cmd = {{ 'litellm-ls' }},
  root_markers = {{ '.git' }},
}}
"""


def container(archives, home):
    linux = archives["x86_64-linux"]
    return f"""# docker build --tag litellm-ls . && docker run --interactive --rm litellm-ls
FROM alpine:3 AS archive
ADD --checksum=sha256:{linux.sum} {linux.url} /archive.tar.gz
RUN tar -xzf /archive.tar.gz --strip-components 1 -C /tmp && apk add --no-cache ca-certificates

FROM scratch
LABEL org.opencontainers.image.source={home}
COPY --from=archive /tmp/litellm-ls /litellm-ls
COPY --from=archive /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
ENTRYPOINT ["/litellm-ls"]
"""


CHANNELS = {
    "homebrew/litellm-ls.rb": homebrew,
    "scoop/litellm-ls.json": scoop,
    "winget/litellm-ls.litellm-ls.yaml": winget,
    "aur/PKGBUILD": aur,
    "nix/flake.nix": nix,
    "mason/package.yaml": mason,
    "nvim-lspconfig/lsp/litellm_ls.lua": lspconfig,
    "container/Containerfile": container,
}
