"""What params must be like, by the schema of the protocol: all that is wrong with them, each with its path."""

import difflib
import json
from pathlib import Path

SCHEMA, METHODS = (json.loads((Path(__file__).parent.parent / name).read_bytes()) for name in ("schema.json", "methods.json"))
CLAIMED = ["discover", "configure", "status", "listModels", "complete", "countTokens", "usage"]
METHOD_PARAMS = {f"provider/{name}": METHODS["methods"][f"provider/{name}"]["params"] for name in CLAIMED}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "integer": int, "number": (int, float)}


KINDS = {
    "notConfigured": (1001, "leave `profile` out"),
    "modelNotFound": (1008, "choose one of provider/listModels"),
    "rateLimited": (1009, "wait, then ask again"),
    "streamInterrupted": (1016, "ask again"),
    "busy": (1018, "wait until a request has ended"),
    "invalidParams": (-32602, "correct what `problems` lists"),
    "requestCancelled": (-32800, "ask again where that was not meant"),
    "methodNotFound": (-32601, "see `methods` of provider/discover"),
}


class Refused(Exception):
    """A request that is answered by an error: of a kind, or of a code of JSON-RPC or LSP alone."""

    def __init__(self, message, kind=None, code=None, **data):
        super().__init__(message)
        self.error = {"code": code, "message": message}
        if kind:
            self.error["code"], remedy = KINDS[kind]
            self.error["data"] = {"kind": kind, "remedy": remedy, **data}


def invalid(path, reason, remedy):
    return Refused("the params do not fit", "invalidParams", problems=[problem(path, reason, remedy)])


def nearest(word, known):
    return next(iter(difflib.get_close_matches(word, list(known), 1)), None)


def problem(path, reason, remedy, near=None):
    return {"path": path, "reason": reason, "remedy": remedy, **({"nearest": near} if near else {})}


def variants(schema):
    """What a value may be, without references and unions."""
    if schema is True:
        return [{}]
    if "$ref" in schema:
        return variants(SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]])
    union = schema.get("oneOf") or schema.get("anyOf") or schema.get("allOf")
    return [one for part in union for one in variants(part)] if union else [schema]


def is_like(value, schema):
    names = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", [])
    is_bool = isinstance(value, bool)
    return not names or any(isinstance(value, TYPES[name]) and (name == "boolean") == is_bool for name in names)


def problems_of(schema, value, configure=False, path=""):
    """Everything that is wrong with a value. Outside of `provider/configure` a null member is as absent."""
    may_be = variants(schema)
    words = [one["const"] for one in may_be if "const" in one]
    if words and isinstance(value, str):
        wrong = problem(path, "this word is not known", f"use one of {', '.join(words)}", nearest(value, words))
        return [] if value in words else [wrong]
    like = [one for one in may_be if is_like(value, one)]
    tagged = [one for one in like if "const" in one.get("properties", {}).get("type", {})]
    if tagged and isinstance(value, dict):
        tags = [one["properties"]["type"]["const"] for one in tagged]
        if value.get("type") not in tags:
            return [problem(f"{path}.type", "this word is not known", f"use one of {', '.join(tags)}")]
        like = [one for one in tagged if one["properties"]["type"]["const"] == value["type"]]
    if not like:
        return [problem(path, "this is of a wrong type", "give what the schema says")]
    schema, found = like[0], []
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value < schema.get("minimum", value) or value > schema.get("maximum", value):
            found.append(problem(path, "this number is out of range", "give one within the range of the schema"))
    if isinstance(value, list):
        for place, item in enumerate(value):
            found += problems_of(schema.get("items", True), item, configure, f"{path}[{place}]")
    if isinstance(value, dict):
        found += members(schema, value, configure, path)
    return found


def members(schema, value, configure, path):
    known, others, found = schema.get("properties", {}), schema.get("additionalProperties", True), []
    below = f"{path}." if path else ""
    for name, member in value.items():
        if name.startswith("_") and name not in known or member is None and not configure:
            continue
        if name not in known and others is False:
            found.append(problem(below + name, "there is no such member", "leave it out", nearest(name, known)))
        else:
            found += problems_of(known.get(name, others), member, configure, below + name)
    for name in schema.get("required", []):
        if value.get(name) is None:
            found.append(problem(below + name, "this is missing", "give it"))
    return found
