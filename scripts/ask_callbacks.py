"""Which names of callbacks LiteLLM takes where: run by the Python of an installation, asked a name a line.

Standard output has a JSON object a line: `name`; `starts`, whether LiteLLM starts with it below `callbacks`, or would if a
package, variable or licence were there; and `called`, the other lists below which something is done with it. The first
line is for the name "", which is none. `known` of it lists the names that LiteLLM itself has.

A list of callbacks is text to LiteLLM, which compares each with the names that it knows as it loads the file, answers
a request, or watches a service. So each name is put into all lists as a text that notes where it was found equal.
Nothing is installed or sent: what would start a program is refused, and nobody answers where requests go.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile

NOBODY = "http://127.0.0.1:9"
os.environ |= {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_LOCAL_BLOG_POSTS": "True",
    "LITELLM_LOCAL_POLICY_TEMPLATES": "True",
    "LITELLM_LOCAL_AUTOROUTER_PRESETS": "True",
    "LITELLM_MODE": "PRODUCTION",
    "HTTPS_PROXY": NOBODY,
    "HTTP_PROXY": NOBODY,
    # Those whose absence hides what would become of a name.
    **{f"{vendor}_{kind}": "none" for vendor in ("RAMP", "RUBRIK", "QUALIFIRE") for kind in ("API_KEY", "WEBHOOK_URL")},
    "SUMOLOGIC_WEBHOOK_URL": NOBODY,
}

import litellm
from litellm.integrations.custom_logger import CustomLogger
from litellm.litellm_core_utils import litellm_logging
from litellm.proxy import proxy_server
from litellm.proxy.management_helpers import audit_logs
from litellm.types.services import ServiceTypes

LISTS = ["success_callback", "failure_callback", "service_callback", "audit_log_callbacks", "input_callback"]
# Where a name is compared without anything being done with it.
IDLE = {"function_setup", "_remove_internal_custom_logger_callbacks"}


class Noting(str):
    """A text that notes by which functions it was found equal to a name."""

    found = []
    __hash__ = str.__hash__

    def __eq__(self, other):
        is_equal = str.__eq__(self, other) is True
        if is_equal and not isinstance(other, Noting):
            frame, names = sys._getframe(1), []
            while frame and len(names) < 4:
                names.append((frame.f_code.co_name, frame.f_locals.get("logging_event")))
                frame = frame.f_back
            Noting.found.append(names)
        return is_equal


def refuse(*_, **__):
    raise RuntimeError("no program is started")


def loads(directory, settings):
    path = os.path.join(directory, "config.yaml")
    with open(path, "w") as file:
        json.dump({"general_settings": {"master_key": "sk-of-the-tests"}, "litellm_settings": settings}, file)
    return proxy_server.ProxyConfig().load_config(router=None, config_file_path=path)


async def starts(directory, name):
    """Whether it does, or would with something that is not here; a name that is none is looked for as a module."""
    try:
        await loads(directory, {"callbacks": [name]})
    except ValueError as error:
        return "Empty module name" not in str(error)
    except Exception:
        pass
    return True


async def called(directory, name):
    """The lists below which something is done with it."""
    await loads(directory, {key: [name] for key in LISTS})
    ready = {key for key in LISTS if any(isinstance(one, CustomLogger) for one in getattr(litellm, key))}
    for key in [*LISTS, "_async_success_callback", "_async_failure_callback"]:
        here = getattr(litellm, key)
        here[:] = [Noting(one) if type(one) is str else one for one in here]
    messages = [{"role": "user", "content": "x"}]
    # Twice: what is missing for a name ends the first request that would set it up.
    for answer in ("x", "x", Exception("x"), Exception("x")):
        asked = {"model": "openai/gpt-4o", "api_key": "x", "messages": messages, "mock_response": answer}
        for ask in (litellm.acompletion, lambda **one: asyncio.to_thread(litellm.completion, **one)):
            try:
                await ask(**asked)
            except Exception:
                pass
    # What is logged behind an answer is done by then.
    await asyncio.sleep(0.2)
    try:
        from litellm._service_logger import ServiceLogging

        watcher = ServiceLogging()
        await watcher.async_service_success_hook(service=ServiceTypes.REDIS, call_type="x", duration=1.0)
    except Exception:
        pass
    done = {key for found in Noting.found for key in [list_of(found)] if key}
    is_logger = name in litellm._known_custom_logger_compatible_callbacks and resolves(name)
    return (ready & {"success_callback", "failure_callback"}) | done | ({"audit_log_callbacks"} if is_logger else set())


def resolves(name):
    """Whether one of LiteLLM's own loggers is meant."""
    Noting.found.clear()
    try:
        audit_logs._resolve_audit_log_callback(Noting(name))
    except Exception:
        pass
    return any(found[0][0] == "_init_custom_logger_compatible_class" for found in Noting.found) or any(
        "build_custom_logger" in found[0][0] for found in Noting.found
    )


def list_of(found):
    """Which list something was done for, of those functions that compared it and called each other."""
    name = found[0][0]
    if "custom_logger_compatible_class" in name:
        events = [event for _, event in found if event]
        return f"{events[0]}_callback" if events else None
    for part, key in [
        ("success_handler", "success_callback"),
        ("failure_handler", "failure_callback"),
        ("service", "service_callback"),
        ("pre_call", "input_callback"),
    ]:
        if part in name and name not in IDLE:
            return key
    return "service_callback" if name == "__init__" else None


def fork(name):
    """The answer of a child, which may break as it likes."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        quiet = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(quiet, number)
        subprocess.check_call = subprocess.run = subprocess.Popen.__init__ = refuse
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        with tempfile.TemporaryDirectory() as directory:
            os.chdir(directory)
            answer = {"name": name, "starts": loop.run_until_complete(starts(directory, name))}
            for key in ("callbacks", *LISTS):
                getattr(litellm, key).clear()
            try:
                answer["called"] = sorted(loop.run_until_complete(called(directory, name)))
            except Exception as error:
                answer["broken"] = f"{type(error).__name__}: {error}"
        with os.fdopen(writer, "w") as pipe:
            json.dump(answer, pipe)
            pipe.flush()
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        answer = pipe.read()
    os.wait()
    return json.loads(answer or json.dumps({"name": name, "broken": "no answer"}))


known = sorted(litellm._known_custom_logger_compatible_callbacks)
print(json.dumps(fork("nonsense") | {"name": "", "known": known}), flush=True)
for line in sys.stdin:
    print(json.dumps(fork(line.strip())), flush=True)
