"""Runs the proxy of the tests, with its upstream, for as long as standard input is open.

    python launch.py CONFIG LOG

Prints JSON lines: first {"url": …}, when the proxy answers, then what the upstream logs. However the test
process ends, its end of the pipe closes, and with it everything here ends.
"""

import asyncio
import json
import os
import pathlib
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import upstream

# What would reach out to the network at the start, or change the proxy under test.
OFFLINE = ["MODEL_COST_MAP", "ANTHROPIC_BETA_HEADERS", "BLOG_POSTS", "POLICY_TEMPLATES", "AUTOROUTER_PRESETS"]
INHERITED = ["PATH", "HOME", "LANG", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "USERPROFILE"]


def tell(entry):
    print(json.dumps(entry), flush=True)


def start(config, log, upstream_port):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    environment |= {f"LITELLM_LOCAL_{name}": "True" for name in OFFLINE}
    root = f"http://127.0.0.1:{upstream_port}"
    environment |= {"NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1", "UPSTREAM_ROOT": root, "UPSTREAM_BASE": f"{root}/v1"}
    litellm = pathlib.Path(sys.executable).parent / "litellm"
    command = [litellm, "--config", config, "--host", "127.0.0.1", "--port", str(port)]
    # The folder of the config, for LiteLLM imports custom_auth from there.
    output = open(log, "w")
    process = subprocess.Popen(
        command, env=environment, cwd=config.parent, stdin=subprocess.DEVNULL, stdout=output, stderr=output
    )
    return process, f"http://127.0.0.1:{port}"


def wait_until_ready(process, url):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    give_up = time.monotonic() + 180
    while process.poll() is None and time.monotonic() < give_up:
        try:
            if opener.open(f"{url}/health/liveliness", timeout=5).status == 200:
                tell({"url": url})
                return
        except OSError:
            time.sleep(0.05)
    tell({"failed": "LiteLLM is not ready", "status": process.returncode})


def main():
    config, log = pathlib.Path(sys.argv[1]).absolute(), sys.argv[2]
    port, known = [], threading.Event()

    def port_is(number):
        port.append(number)
        known.set()

    threading.Thread(target=lambda: asyncio.run(upstream.serve(port_is, tell)), daemon=True).start()
    known.wait()
    process, url = start(config, log, port[0])
    threading.Thread(target=wait_until_ready, args=(process, url), daemon=True).start()
    try:
        sys.stdin.read()
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    main()
