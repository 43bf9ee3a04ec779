"""Loads a configuration as LiteLLM does when it starts, and says what came of it: one JSON object on standard output.

Arguments: the file; `code` where Python that it names may run, else anything else. On standard input: variables for it, a
JSON object. Connects to nothing, listens to nothing and runs no program: what LiteLLM tries of that is refused, and told.
"""

import asyncio
import json
import logging
import os
import socket
import sys

answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)

# Most bytes of the answer's lists together.
MOST = 200_000

path, may_run_code = sys.argv[1], sys.argv[2] == "code"
sys.argv = ["litellm"]
told = {"starts": False, "served": [], "lines": [], "code": [], "connections": [], "programs": []}


class Refused(BaseException):
    """Code of the file's was about to run. No `Exception`, for LiteLLM catches those and goes on."""


def note(list_name, text):
    if text not in told[list_name]:
        told[list_name].append(text)


def answer():
    text = json.dumps(told, default=str)
    if len(text) > MOST:
        told["lines"] = told["lines"][-100:]
        told["served"] = told["served"][:10_000]
        text = json.dumps(told, default=str)
    answers.write(text)
    answers.flush()
    # Nothing that the file set up gets a word at the end.
    os._exit(0)


class Kept(logging.Handler):
    """Keeps what LiteLLM logs."""

    def emit(self, record):
        if record.levelno >= logging.WARNING and len(told["lines"]) < 2000:
            told["lines"].extend(record.getMessage().splitlines())


def is_loop(frame):
    """Whether Python makes the two ends of a pipe, for which Windows has sockets alone."""
    return frame.f_code.co_filename == socket.__file__ and "socketpair" in frame.f_code.co_name


roots = tuple({os.path.realpath(root) + os.sep for root in (sys.prefix, sys.base_prefix, sys.exec_prefix)})
watches_code = False


def watch(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        if not is_loop(sys._getframe(1)):
            note("connections", str(args[1]))
            raise ConnectionRefusedError("nothing is connected to while a file is checked")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        note("connections", str(args[0]))
        raise socket.gaierror(socket.EAI_NONAME, "no name is looked up while a file is checked")
    elif event == "socket.bind":
        if not is_loop(sys._getframe(1)):
            raise PermissionError("nothing listens while a file is checked")
    elif not watches_code:
        return
    elif event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "os.fork"):
        note("programs", str(args[0]) if args else event)
        raise PermissionError("no program is run while a file is checked")
    elif event == "exec" and not may_run_code:
        name = args[0].co_filename
        is_foreign = not name.startswith("<") and not os.path.realpath(name).startswith(roots)
        # What a text of the file is compiled to.
        is_text = "custom_code" in sys._getframe(1).f_code.co_filename
        if is_foreign or is_text:
            note("code", "custom_code" if is_text else os.path.basename(name))
            raise Refused(name)


sys.addaudithook(watch)
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)

import litellm
from litellm.proxy import proxy_server
from litellm.proxy.types_utils import utils

# LiteLLM looks for modules two folders above, whatever lies there.
above = os.path.abspath("../..")
sys.path = [folder for folder in sys.path if os.path.abspath(folder or ".") != above]
if may_run_code:
    folder = os.path.dirname(os.path.abspath(path))
    os.chdir(folder)
    sys.path.append(folder)
else:
    real = utils.get_instance_fn

    def refuse(value, config_file_path=None):
        """In the place of what imports a module and takes something out of it."""
        note("code", str(value))
        raise Refused(value)

    for module in list(sys.modules.values()):
        if getattr(module, "get_instance_fn", None) is real:
            module.get_instance_fn = refuse

os.environ.update(json.load(sys.stdin))

for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
    logging.getLogger(name).addHandler(Kept())
watches_code = True
try:
    router, _, _ = loop.run_until_complete(
        proxy_server.ProxyConfig().load_config(router=None, config_file_path=os.path.abspath(path))
    )
    told["starts"] = True
    served = (router.get_model_list() or []) if router else []
    told["served"] = [[str(one["model_name"]), str(one["litellm_params"]["model"])] for one in served]
except Refused:
    pass
except BaseException as error:
    told["lines"].extend(f"{type(error).__name__}: {error}".splitlines())
answer()
