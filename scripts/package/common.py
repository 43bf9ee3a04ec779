"""What all packages have in common: the systems, the files that go along, and archives that are the same each time."""

import dataclasses
import functools
import gzip
import io
import os
import pathlib
import struct
import subprocess
import sys
import tarfile
import time
import tomllib
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DESCRIPTION = "One language server that connects any editor to a LiteLLM proxy: models, prices, streaming completions"
LICENCES = ["LICENSE-MIT", "LICENSE-APACHE", "NOTICE"]
# Each shell, and where below a prefix it looks for the completions of a program.
COMPLETIONS = {
    "bash": "share/bash-completion/completions/litellm-ls",
    "zsh": "share/zsh/site-functions/_litellm-ls",
    "fish": "share/fish/vendor_completions.d/litellm-ls.fish",
    "powershell": None,
}


@dataclasses.dataclass(frozen=True)
class System:
    """A system as each kind of package calls it. A wheel and a Debian package name what a program needs of a Linux too."""

    name: str
    node: str
    wheel: str
    deb: str = ""
    is_static: bool = False

    @property
    def exe(self):
        return ".exe" if self.name.endswith("windows") else ""

    @staticmethod
    def of(program):
        """The system that a program is for, by its first bytes."""
        data = program.read_bytes()[:4096]
        if data[:4] == b"\x7fELF":
            [machine] = struct.unpack_from("<H", data, 18)
            system = {62: SYSTEMS["x86_64-linux"], 183: SYSTEMS["aarch64-linux"]}.get(machine)
            if system and needs_loader(data):
                cpu = system.name.removesuffix("-linux")
                return dataclasses.replace(system, wheel=f"linux_{cpu}", is_static=False)
        elif data[:4] == b"\xcf\xfa\xed\xfe":
            [machine] = struct.unpack_from("<I", data, 4)
            system = {0x01000007: SYSTEMS["x86_64-macos"], 0x0100000C: SYSTEMS["aarch64-macos"]}.get(machine)
        elif data[:2] == b"MZ":
            [header] = struct.unpack_from("<I", data, 0x3C)
            system = {0x8664: SYSTEMS["x86_64-windows"]}.get(*struct.unpack_from("<H", data, header + 4))
        else:
            system = None
        return system or sys.exit(f"{program} is no program of a system that is packaged: {', '.join(SYSTEMS)}")


def needs_loader(data):
    """Whether an ELF file names a dynamic loader, so that it needs the C library of the system."""
    [start] = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    return any(struct.unpack_from("<I", data, start + size * i)[0] == 3 for i in range(count))


def static_linux(cpu, node, deb):
    wheel = f"manylinux_2_17_{cpu}.manylinux2014_{cpu}.musllinux_1_1_{cpu}"
    return System(f"{cpu}-linux", node, wheel, deb, True)


SYSTEMS = {
    system.name: system
    for system in [
        static_linux("x86_64", "linux-x64", "amd64"),
        static_linux("aarch64", "linux-arm64", "arm64"),
        System("x86_64-macos", "darwin-x64", "macosx_10_12_x86_64"),
        System("aarch64-macos", "darwin-arm64", "macosx_11_0_arm64"),
        System("x86_64-windows", "win32-x64", "win_amd64"),
    ]
}


@dataclasses.dataclass(frozen=True)
class Packer:
    """Writes archives into a folder, the same bytes each time."""

    folder: pathlib.Path
    # Quickly rather than small.
    fast: bool

    @functools.cached_property
    def time(self):
        """That of the commit, in seconds; ZIP knows none before 1980."""
        told = os.environ.get("SOURCE_DATE_EPOCH") or run("git", "log", "-1", "--format=%ct")
        return max(int(told), 315_532_800)

    def tar(self, name, files):
        """Writes a .tar, or one that is packed, of paths and their contents."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for path, data in sorted(files.items()):
                entry = tarfile.TarInfo(path)
                entry.size, entry.mode, entry.mtime = len(data), 0o755 if is_program(path) else 0o644, self.time
                archive.addfile(entry, io.BytesIO(data))
        data = packed.getvalue()
        made = self.folder / name
        made.write_bytes(data if name.endswith(".tar") else gzip.compress(data, 1 if self.fast else 9, mtime=0))
        return made

    def zip(self, name, files):
        made = self.folder / name
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1 if self.fast else 9) as archive:
            for path, data in files.items():
                entry = zipfile.ZipInfo(path, time.gmtime(self.time)[:6])
                entry.create_system, entry.compress_type = 3, zipfile.ZIP_DEFLATED
                entry.external_attr = (0o100755 if is_program(path) else 0o100644) << 16
                archive.writestr(entry, data)
        return made


@dataclasses.dataclass(frozen=True)
class Release(Packer):
    """What is packaged, and where to."""

    program: pathlib.Path
    system: System
    # Where the installer downloads from.
    source: str
    # Without what is the same for all systems.
    system_only: bool

    @functools.cached_property
    def version(self):
        return version()

    @functools.cached_property
    def completions(self):
        return {shell: run(self.program, "completions", shell).encode() for shell in COMPLETIONS}


def is_program(path):
    """Whether a path of an archive is that of a program or a script, which must be able to run."""
    return path.rsplit("/")[-1] in ("litellm-ls", "litellm-ls.exe", "litellm-ls.js", "install.sh")


def run(*command, **options):
    """What a command prints, which must succeed."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, cwd=ROOT, **options)
    if done.returncode != 0:
        sys.exit(f"{command[0]} ended with {done.returncode}: {' '.join(map(str, command))}")
    return done.stdout.decode()


def version():
    return tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]


def text_files(*names):
    """Files of the project by their names."""
    return {name: (ROOT / name).read_bytes() for name in names}


def manual():
    """The manual pages by their names."""
    return {path.name: path.read_bytes() for path in sorted((ROOT / "docs/man").glob("*.1"))}
