"""What the real LiteLLM makes of configuration files: imported once, then a fork for each.

Standard input has one JSON object a line: `config`, the path of a file; `env`, its whole environment; `names`, which
models are looked for; `settings`, names of attributes of `litellm` that are told; `asks`, whether each model is asked
something, and each alias. Standard output has an answer a line.
Of the outermost keys it says which were looked up.
With `bare`, a list of models, it says whose LiteLLM takes each for instead, null where it knows none.
"""

import asyncio
import json
import logging
import os
import signal
import sys

LOCAL = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_LOCAL_BLOG_POSTS": "True",
    "LITELLM_LOCAL_POLICY_TEMPLATES": "True",
    "LITELLM_LOCAL_AUTOROUTER_PRESETS": "True",
    "LITELLM_LOG": "WARNING",
    "LITELLM_MODE": "PRODUCTION",
}
os.environ.update(LOCAL)

import httpx
import litellm
import yaml
from litellm.proxy import proxy_server

# How long a file may take.
SECONDS = 300


class Kept(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def plain(value):
    """Only what JSON has; any other value by its text."""
    return json.loads(json.dumps(value, default=str))


def data(path):
    try:
        with open(path, encoding="utf-8") as file:
            return plain(yaml.safe_load(file))
    except (yaml.YAMLError, ValueError):
        # A day that there is not is no error of YAML's own.
        return None


def finds(router, name):
    # Without them any name leads to the default fallback.
    router.fallbacks = []
    try:
        return router.get_available_deployment(model=name, messages=[{"role": "user", "content": "x"}]) is not None
    except Exception:
        return False


async def statuses(router, settings):
    """The status of an answer to a question for each model and alias."""
    proxy_server.llm_router, proxy_server.general_settings = router, settings
    transport = httpx.ASGITransport(app=proxy_server.app, raise_app_exceptions=False)
    names = [name.replace("*", "any") for name in [*router.model_names, *router.model_group_alias]]
    headers = {"Authorization": f"Bearer {proxy_server.master_key}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://proxy", headers=headers) as client:
        body = {"messages": [{"role": "user", "content": "x"}]}
        answers = [await client.post("/v1/chat/completions", json=body | {"model": name}) for name in names]
    return {name: answer.status_code for name, answer in zip(names, answers)}


class Noted(dict):
    """A map that notes which of its keys are looked up."""

    def __init__(self, of, seen):
        super().__init__(of)
        self.seen = seen

    def get(self, key, default=None):
        self.seen.add(key)
        return super().get(key, default)

    def __getitem__(self, key):
        self.seen.add(key)
        return super().__getitem__(key)


def check_master_key(settings, path):
    """What the server does as it starts, since 1.104."""
    try:
        from litellm.proxy.auth import master_key_boot_check as boot
    except ImportError:
        return
    verdict = boot.master_key_boot_verdict(
        master_key=proxy_server.master_key,
        environment_master_key=os.getenv("LITELLM_MASTER_KEY"),
        general_settings=settings,
        config_file_path=path,
        override_env_is_on=os.getenv("LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY") == "true",
        salt_key_is_set=True,
        database_is_configured=False,
    )
    boot.enforce_master_key_boot_verdict(verdict, announce=lambda _: None)


def provider(model):
    try:
        return litellm.get_llm_provider(model)[1]
    except Exception:
        return None


def load(request):
    if "bare" in request:
        return {model: provider(model) for model in request["bare"]}
    path = os.path.abspath(request["config"])
    os.chdir(os.path.dirname(path))
    log = Kept()
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).addHandler(log)
    answer = {"log": log.lines, "file": data(path)}
    config, seen = proxy_server.ProxyConfig(), set()
    read = config.get_config

    async def get_config(*arguments, **named):
        return Noted(await read(*arguments, **named), seen)

    config.get_config = get_config
    try:
        # `asyncio.run` would wait for tasks of LiteLLM's own that take no cancellation.
        loop = asyncio.new_event_loop()
        loading = config.load_config(router=None, config_file_path=path)
        router, _, settings = loop.run_until_complete(loading)
        check_master_key(settings, path)
        proxy_server.ProxyStartupEvent._initialize_jwt_auth(settings, None, proxy_server.user_api_key_cache)
    except BaseException as error:
        return answer | {"starts": False, "error": f"{type(error).__name__}: {error}"}
    deployments = router.get_model_list() or [] if router else []
    from litellm.proxy.guardrails.guardrail_registry import IN_MEMORY_GUARDRAIL_HANDLER

    guardrails = IN_MEMORY_GUARDRAIL_HANDLER.list_in_memory_guardrails()
    return answer | {
        "starts": True,
        "served": [[one["model_name"], plain(one["litellm_params"])] for one in deployments],
        # A store of its own since 1.104 or so.
        "general": plain(dict(settings)),
        "attributes": {name: plain(getattr(litellm, name, None)) for name in request.get("settings", [])},
        "router": plain({name: getattr(router, name, None) for name in request.get("settings", [])}),
        "guardrails": [one["guardrail_name"] for one in guardrails],
        "credentials": [one.credential_name for one in litellm.credential_list],
        "master_key": proxy_server.master_key,
        "read": sorted(seen),
        "statuses": loop.run_until_complete(statuses(router, settings)) if request.get("asks") else {},
        "found": [name for name in request.get("names", []) if router and finds(router, name)],
    }


def fork(request):
    """The answer of a child, which may import, break or hang as it likes."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(2, 1)
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        os.environ.clear()
        os.environ.update(kept | LOCAL | request.get("env", {}))
        try:
            answer = load(request)
        except BaseException as error:
            answer = {"broken": f"{type(error).__name__}: {error}"}
        with os.fdopen(writer, "w") as pipe:
            json.dump(answer, pipe)
            pipe.flush()
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return text or json.dumps({"broken": "no answer"})


for line in sys.stdin:
    print(fork(json.loads(line)), flush=True)
