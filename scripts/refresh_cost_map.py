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
# Those of a model, each a column of the table behind its id; what has most models comes first, for the last may be left out.
COLUMNS = [
    "litellm_provider",
    "mode",
    "max_input_tokens",
    "max_output_tokens",
    "input_cost_per_token",
    "output_cost_per_token",
    "can",
    "cache_read_input_token_cost",
    "deprecation_date",
    "cache_creation_input_token_cost",
    "max_tokens",
]
# What models can do, by the table of the server: in the column `can`, each by its letter.
FLAGS = dict(re.findall(r'"(supports_\w+)", b\'(.)\'\)', (ROOT / "src/litellm/model_rows/flag.rs").read_text()))


def line(name, model):
    """A line of the table. What is null or a denial says nothing, and `max_tokens` nothing new."""
    kept = {field: value for field, value in model.items() if value not in (None, False)}
    if "max_output_tokens" in kept:
        kept.pop("max_tokens", None)
    values = [json.dumps(kept[column]) if column in kept else "" for column in COLUMNS]
    values[COLUMNS.index("can")] = "".join(letter for flag, letter in FLAGS.items() if flag in kept)
    return "\t".join([name, *values]).rstrip("\t") + "\n"


def read(line):
    """The id and the fields of a line."""
    name, *values = line.split("\t")
    model = dict(zip(COLUMNS, values))
    can = model.pop("can", "")
    flags = {flag: True for flag, letter in FLAGS.items() if letter in can}
    return name, flags | {column: json.loads(value) for column, value in model.items() if value}


def main(files):
    lines = TARGET.read_text().splitlines() if TARGET.exists() else []
    models = dict(map(read, lines))
    for file in files:
        found = json.loads(pathlib.Path(file).read_text())
        models |= {name: model for name, model in found.items() if name != "sample_spec"}
    # In the order of their bytes, for the server looks names up by halving.
    TARGET.write_text("".join(line(name, models[name]) for name in sorted(models)))
    print(f"{len(models)} models, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
