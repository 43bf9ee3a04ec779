#!/usr/bin/env python3
"""Renews src/config_yaml/tables/*.tsv: what is known of the keys, providers and words of LiteLLM's config.yaml.

    scripts/refresh_config_tables.py FOLDER

FOLDER holds litellm-settings.json, litellm-providers.json and litellm-retired-models.json, which describe one release of
LiteLLM (MIT). What a table says more than they do, such as which wrong values stop the proxy, is written down here.
"""

import json
import pathlib
import sys

TARGET = pathlib.Path(__file__).parent.parent / "src/config_yaml/tables"

# Where a value of another type or another word stops the proxy or drops the deployment; elsewhere it is only ignored.
FATAL = {
    "router_settings": {"routing_strategy", "model_group_alias"},
    "litellm_settings": {"success_callback", "failure_callback", "callbacks", "max_budget", "budget_reset_time"},
    "general_settings": {"master_key", "database_url", "key_management_system"},
    "model_info": {"base_model", "tier", "team_id", "team_public_model_name"},
    "litellm_settings.cache_params": {"type"},
}
# Documented as asking for a database, where the data does not say so.
DATABASE = {"litellm_settings": {"max_budget"}}


def is_fatal(section, key, row):
    if section == "litellm_params":
        typed = row.get("group") != "request_default" and row["type"] not in ("any", "boolean|string")
        return typed and not row.get("misplaced")
    if section == "model_info" and "_cost" in key and row["type"] == "number":
        return True
    return key in FATAL.get(section, ())


def text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).replace("\t", " ").replace("\n", " ")


def key_row(section, key, row):
    flags = [name for name in ("required", "secret", "deprecated") if row.get(name)]
    flags += ["licence"] if row.get("needs_licence") else []
    flags += ["boot"] if row.get("licence_failure") else []
    flags += ["database"] if row.get("needs_database") or key in DATABASE.get(section, ()) else []
    flags += ["internal"] if row.get("status") else []
    flags += ["fatal"] if is_fatal(section, key, row) else []
    flags += ["price"] if row.get("group") == "pricing" else []
    allowed = row.get("enum") or (row.get("items") or {}).get("enum") or []
    default = text(row["default"]) if "default" in row and not isinstance(row["default"], (dict, list)) else ""
    kind = row.get("type", "any")
    fields = [section, key, kind, ",".join(flags), default, ",".join(allowed), row.get("replaced_by", "")]
    return [*fields, text(row.get("description", ""))]


def keys(settings):
    for section, table in settings["sections"].items():
        for key, row in table["keys"].items():
            yield key_row(section, key, row)
        for key in table.get("other_known", []):
            yield [section, key, "any", "passed", "", "", "", ""]
        for key in table.get("managed_elsewhere", {}):
            yield [section, key, "any", "internal", "", "", "", ""]
    for place, table in settings["nested"].items():
        for key, row in table["keys"].items():
            yield key_row(place, key, row)


def providers(data):
    for name, row in data["providers"].items():
        env = row.get("env", {})
        fields = [
            field["name"] + ("*" if field.get("required") else "") + ("!" if field.get("secret") else "")
            for field in row.get("credential_fields", [])
        ]
        lists = [env.get("key", []), env.get("base", []), env.get("other", []), fields]
        base = row.get("default_api_base") or ""
        compatible = "compatible" if row.get("openai_compatible") else ""
        yield [name, row.get("display_name", name), row.get("auth", ""), *map(",".join, lists), base, compatible, row.get("doc", "")]


def words(settings, data):
    enums = settings["enums"]
    yield from (["typo", *pair] for pair in settings["common_typos"].items())
    yield from (["home", *pair] for pair in settings["home_section"].items())
    yield from (["near", *pair] for pair in data["near_miss"].items())
    yield from (["prompt", word, ""] for word in data["prompt_management_prefixes"])
    yield from (["host", row["base"], row["provider"]] for row in data["api_base_hosts"])
    yield from (["unrouted", word, ""] for word in data["api_base_unrouted"])
    yield from (["unresolved", word, ""] for word in data["bare_not_resolvable"])
    yield from (["bare", *pair] for pair in data["bare_provider_overrides"].items())
    for kind, name in [
        ("callback", "callbacks_known"),
        ("callback", "callbacks_other_accepted"),
        ("service", "service_callbacks"),
        ("licensed", "callbacks_need_licence"),
        ("guardrail", "guardrail_providers"),
        ("mode", "guardrail_mode"),
        ("blocked", "environment_variables_blocked"),
    ]:
        yield from ([kind, word, ""] for word in enums[name])


def retired(data):
    for name, row in sorted(data["models"].items()):
        yield [name, row.get("provider", ""), row["last_seen"], row.get("deprecation_date", "")]


def write(name, rows):
    lines = ["\t".join(row) + "\n" for row in rows]
    (TARGET / name).write_text("".join(lines))
    print(f"{name}: {len(lines)} rows")


def main(folder):
    read = lambda name: json.loads((pathlib.Path(folder) / name).read_text())
    settings, data = read("litellm-settings.json"), read("litellm-providers.json")
    TARGET.mkdir(parents=True, exist_ok=True)
    write("keys.tsv", keys(settings))
    write("providers.tsv", providers(data))
    write("words.tsv", words(settings, data))
    write("retired.tsv", retired(read("litellm-retired-models.json")))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
