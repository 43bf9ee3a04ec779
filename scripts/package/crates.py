"""The crates that are in the program: their licences for those who get it, and a list of them (CycloneDX) for those who check."""

import functools
import json
import pathlib

from common import run

LICENCE_NAMES = ("licen", "copying", "notice", "copyright")


def make(release):
    """The list of what is in the program, in the form of CycloneDX 1.5."""
    components = [
        {
            "type": "library",
            "bom-ref": crate["id"].rpartition("/")[2],
            "name": crate["name"],
            "version": crate["version"],
            "purl": f"pkg:cargo/{crate['name']}@{crate['version']}",
            **({"licenses": [{"expression": crate["license"].replace("/", " OR ")}]} if crate["license"] else {}),
        }
        for crate in inside()
    ]
    program = {"type": "application", "name": "litellm-ls", "version": release.version}
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": program},
        "components": components,
    }
    made = release.folder / f"litellm-ls-{release.version}.cdx.json"
    made.write_bytes(json.dumps(bom, indent=2).encode() + b"\n")
    return [made]


def notices(release):
    """The licences of all crates that are in the program, each text once."""
    users = {}
    for crate in inside():
        folder = pathlib.Path(crate["manifest_path"]).parent
        texts = [
            path.read_text(errors="replace").strip()
            for path in sorted(folder.iterdir())
            if path.is_file() and path.name.lower().startswith(LICENCE_NAMES)
        ]
        for text in texts or [f"Licence: {crate['license']}"]:
            users.setdefault(text, []).append(f"{crate['name']} {crate['version']}")
    parts = ["The program holds the libraries below, under these licences.\n"]
    parts += [f"{'=' * 80}\n{', '.join(names)}\n{'-' * 80}\n{text}\n" for text, names in users.items()]
    return "\n".join(parts).encode()


@functools.cache
def inside():
    """The crates of others that the program is made of, on whatever system; not those that only build or test it."""
    told = json.loads(run("cargo", "metadata", "--locked", "--format-version", "1"))
    crates = {crate["id"]: crate for crate in told["packages"]}
    nodes = {node["id"]: node for node in told["resolve"]["nodes"]}
    waiting = [crate["id"] for crate in told["packages"] if crate["name"] == "litellm-ls" and not crate["source"]]
    seen = set(waiting)
    while waiting:
        for dependency in nodes[waiting.pop()]["deps"]:
            is_normal = any(kind["kind"] is None for kind in dependency["dep_kinds"])
            if is_normal and dependency["pkg"] not in seen:
                seen.add(dependency["pkg"])
                waiting.append(dependency["pkg"])
    others = (crates[name] for name in seen if crates[name]["source"])
    return sorted(others, key=lambda crate: (crate["name"], crate["version"]))
