#!/usr/bin/env python3
"""Renews src/litellm/cost_map/models.tsv, which fills the gaps that a proxy leaves.

    scripts/refresh_cost_map.py FILE...

A FILE is LiteLLM's own price list (MIT): `model_prices_and_context_window.json` of its repository or package, or what a
proxy answers to `GET /public/litellm_model_cost_map`. A later file wins. Models that none of them has any more keep what
was known of them, for people still ask when they retired.
"""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parent.parent
TARGET = ROOT / "src/litellm/cost_map/models.tsv"
FIELDS = [
    "litellm_provider",
    "mode",
    "max_tokens",
    "max_input_tokens",
    "max_output_tokens",
    "input_cost_per_token",
    "output_cost_per_token",
    "cache_creation_input_token_cost",
    "cache_read_input_token_cost",
    # What models can do: the table of the server.
    *re.findall(r'"(supports_\w+)"\)', (ROOT / "src/litellm/model_rows/flag.rs").read_text()),
    "deprecation_date",
]


def slim(model):
    """The fields that are read; what is null or a denial says nothing, and `max_tokens` nothing new."""
    kept = {field: model[field] for field in FIELDS if model.get(field) not in (None, False)}
    if "max_output_tokens" in kept:
        kept.pop("max_tokens", None)
    return kept


def main(files):
    lines = TARGET.read_text().splitlines() if TARGET.exists() else []
    models = {name: json.loads(model) for name, model in (line.split("\t") for line in lines)}
    for file in files:
        found = json.loads(pathlib.Path(file).read_text())
        models |= {name: slim(model) for name, model in found.items() if name != "sample_spec"}
    # In the order of their bytes, for the server looks names up by halving.
    lines = (f"{name}\t{json.dumps(models[name], separators=(',', ':'))}\n" for name in sorted(models))
    TARGET.write_text("".join(lines))
    print(f"{len(models)} models, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
