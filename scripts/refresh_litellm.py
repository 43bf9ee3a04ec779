#!/usr/bin/env python3
"""Renews the LiteLLM that this program installs: src/proxy/requirements.lock, and its version in requirements.rs.

    scripts/refresh_litellm.py              the newest release that the rule allows
    scripts/refresh_litellm.py 1.101.3      this one, where the rule allows it
    scripts/refresh_litellm.py --choose     say which it would be, and why no newer one
    scripts/refresh_litellm.py --other      renew the line that tests compare it with, tests/cases/lines/VERSION.lock
    scripts/refresh_litellm.py --check      hold the locks that are there to the rule

The rule, for LiteLLM and for each package below it: published four weeks ago or earlier, not yanked, no release that is known
to be compromised, a wheel of each, and the hash of every file that the index has of it.

The other line is the newest release that the rule allows, where that is not the pinned one; a version behind --other is
another. Releases of one line are alike: what differs came with 1.104 and with 1.109 last.

Asks the index that pip or uv are configured to ask. Resolving needs uv (`python3 -m pip install uv`).
"""

import argparse
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).parent.parent
LOCK = ROOT / "src/proxy/requirements.lock"
SOURCE = ROOT / "src/proxy/requirements.rs"
LINES = ROOT / "tests/cases/lines"
# LiteLLM with its proxy; prisma, without which auth errors come out as status 500; and what `callbacks: [prometheus]` stops
# without (0.2 MB).
WANTED = ["litellm[proxy]=={}", "prisma", "nodeenv", "tomlkit", "prometheus-client"]
# The oldest Python that the proxy runs on.
PYTHON = "3.11"
AGE = datetime.timedelta(weeks=4)
FORM = "application/vnd.pypi.simple.v1+json"


def index():
    """The address of the index that pip or uv ask."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if os.environ.get(name):
            return os.environ[name]
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True
    )
    if asked.returncode == 0 and asked.stdout.strip():
        return asked.stdout.strip()
    built_in = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"
    return subprocess.run([sys.executable, "-c", built_in], capture_output=True, text=True, check=True).stdout.strip()


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def files(base, name):
    """What the index says of the files of a package, by version."""
    address = urllib.parse.urljoin(base.rstrip("/") + "/", normal(name) + "/")
    request = urllib.request.Request(address, headers={"Accept": FORM})
    with urllib.request.urlopen(request, timeout=60) as answer:
        if FORM not in answer.headers.get("Content-Type", ""):
            sys.exit("the index does not say when files were published: ask another one, by PIP_INDEX_URL")
        listed = json.load(answer)["files"]
    by_version = {}
    for file in listed:
        version = version_of(file["filename"], name)
        if version:
            by_version.setdefault(version, []).append(file)
    return by_version


def version_of(filename, name):
    """The version that the name of a file has. None where it is of another kind."""
    if filename.endswith(".whl"):
        parts = filename.split("-")
        return parts[1] if len(parts) >= 5 and normal(parts[0]) == normal(name) else None
    stem = re.sub(r"\.(tar\.gz|zip)$", "", filename)
    if stem == filename:
        return None
    begin, _, version = stem.rpartition("-")
    return version if normal(begin) == normal(name) else None


def compromised():
    """The beginnings of releases of LiteLLM that are never installed, as the program has them."""
    listed = re.search(r"const COMPROMISED: &\[&str\] = &\[(.*?)\];", SOURCE.read_text(encoding="utf-8"), re.DOTALL)
    return re.findall(r'"([^"]+)"', listed[1])


def is_compromised(version, bad):
    return any(version.startswith(one) and not version[len(one) :][:1].isdigit() for one in bad)


def objection(name, version, listed, now, bad):
    """Why the rule forbids a version. None where it allows it."""
    if normal(name) == "litellm" and is_compromised(version, bad):
        return "is known to be compromised"
    if not listed:
        return "is not in the index"
    if any(file.get("yanked") not in (None, False) for file in listed):
        return "is yanked"
    if not any(file["filename"].endswith(".whl") for file in listed):
        return "has no wheel"
    if any(not file.get("hashes", {}).get("sha256") for file in listed):
        return "has a file without a hash"
    # All of them: a file can be added to an old release.
    days = [file.get("upload-time") for file in listed]
    if not all(days):
        return "has a file of unknown age"
    newest = max(datetime.datetime.fromisoformat(day.replace("Z", "+00:00")) for day in days)
    if now - newest < AGE:
        return f"is too new: {newest:%Y-%m-%d}"
    return None


def number(version):
    """What sorts final releases. None for others."""
    return tuple(int(part) for part in version.split(".")) if re.fullmatch(r"\d+(\.\d+)*", version) else None


def choose(by_version, now, bad):
    """The newest release that the rule allows, and why those above it are not."""
    refused = []
    for version in sorted(filter(number, by_version), key=number, reverse=True):
        why = objection("litellm", version, by_version[version], now, bad)
        if why is None:
            return version, refused
        refused.append(f"{version} {why}")
    return None, refused


def locked(text):
    """Each package of a lock: name, version, hashes."""
    found = []
    for line in text.splitlines():
        head = re.match(r"([A-Za-z0-9._-]+)==([^ \\;]+)", line)
        if head:
            found.append((head[1], head[2], set()))
        elif "--hash=sha256:" in line and found:
            found[-1][2].add(line.split("--hash=sha256:")[1].split()[0])
    return found


def faults(text, base, now, bad):
    """What the rule says against a lock."""
    told = []
    for name, version, hashes in locked(text):
        listed = files(base, name).get(version, [])
        why = objection(name, version, listed, now, bad)
        if why:
            told.append(f"{name} {version} {why}")
            continue
        known = {file["hashes"]["sha256"] for file in listed}
        if not hashes or not hashes <= known:
            told.append(f"{name} {version} has hashes that the index does not have")
        elif any(file["filename"].endswith(".whl") and file["hashes"]["sha256"] not in hashes for file in listed):
            told.append(f"{name} {version} lacks the hash of a wheel")
    return told


def resolve(version, base, now):
    uv = shutil.which("uv")
    if not uv:
        sys.exit("uv is missing: python3 -m pip install uv")
    day = (now - AGE).strftime("%Y-%m-%dT%H:%M:%SZ")
    options = ["--universal", "--generate-hashes", "--no-annotate", "--no-header", "--only-binary", ":all:", "--no-config"]
    options += ["--python-version", PYTHON, "--exclude-newer", day, "--default-index", base, "--quiet", "-"]
    wanted = "\n".join(WANTED).format(version)
    done = subprocess.run([uv, "pip", "compile", *options], input=wanted, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"the packages of LiteLLM {version} can't be resolved: {done.stderr.strip()}")
    return done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", nargs="?")
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--other", action="store_true")
    parser.add_argument("--check", nargs="*", type=pathlib.Path, metavar="LOCK")
    parser.add_argument("--now", type=datetime.datetime.fromisoformat, help="the day, for tests")
    arguments = parser.parse_args()
    now = arguments.now or datetime.datetime.now(datetime.timezone.utc)
    base, bad = index(), compromised()
    if arguments.check is not None:
        locks = arguments.check or [LOCK, *sorted(LINES.glob("*.lock"))]
        told = [fault for lock in locks for fault in faults(lock.read_text(encoding="utf-8"), base, now, bad)]
        print("\n".join(told) or "the lock obeys the rule")
        sys.exit(bool(told))
    by_version = files(base, "litellm")
    if arguments.version:
        why = objection("litellm", arguments.version, by_version.get(arguments.version, []), now, bad)
        if why:
            sys.exit(f"LiteLLM {arguments.version} {why}: choose another")
        version, refused = arguments.version, []
    else:
        version, refused = choose(by_version, now, bad)
    print("\n".join(refused), file=sys.stderr)
    if version is None:
        sys.exit("the rule allows no release of LiteLLM that the index has")
    if arguments.choose:
        print(version)
        return
    lock = resolve(version, base, now)
    told = faults(lock, base, now, bad)
    if told:
        sys.exit("the packages that were resolved break the rule:\n" + "\n".join(told))
    if arguments.other:
        for old in LINES.glob("*.lock"):
            old.unlink()
        (LINES / f"{version}.lock").write_text(lock, encoding="utf-8")
        print(f"the pinned LiteLLM is compared with {version}. Next: cargo test --test it config_proof::")
        return
    LOCK.write_text(lock, encoding="utf-8")
    source = SOURCE.read_text(encoding="utf-8")
    SOURCE.write_text(re.sub(r'(VERSION: &str = ")[^"]+', rf"\g<1>{version}", source), encoding="utf-8")
    print(f"LiteLLM {version} is pinned. Next: cargo test --workspace, and the sizes in src/proxy/install.rs")


if __name__ == "__main__":
    main()
