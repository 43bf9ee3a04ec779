"""Runs LiteLLM on a port of this machine that is bound before anybody is told of it.

The port and this process's id are the first line on standard output. All that follows goes to standard error, the log.
The port can't be taken by another user: it is this process's from the line on, until it ends.
"""

import os
import socket
import sys

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
    # On Windows, another process could else bind the same port beside this one.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
listener.bind(("127.0.0.1", 0))
port = listener.getsockname()[1]
print(port, os.getpid(), flush=True)
os.dup2(2, 1)

import uvicorn


def serve(app, **options):
    """What `uvicorn.run` does for one worker, on the socket that is bound (uvicorn 0.54.0)."""
    server = uvicorn.Server(uvicorn.Config(app, **options))
    server.run(sockets=[listener])
    if not server.started:
        sys.exit(3)


uvicorn.run = serve

from litellm import run_server

# LiteLLM asks for a port of its own where 4000 is taken; whatever it asks for, `serve` uses the socket.
sys.argv = ["litellm", *sys.argv[1:], "--host", "127.0.0.1", "--port", str(port)]
run_server()
