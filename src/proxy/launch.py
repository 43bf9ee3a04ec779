"""Runs LiteLLM on a port of this machine that is bound before anybody is told of it.

Arguments: the port, 0 for a free one; `stays`, or `ends` with its standard input; then those of LiteLLM.
The port and this process's id are the first line on standard output, or why the port can't be had. All that follows
goes to standard error, the log. The port can't be taken by another user: it is this process's from the line on, until
it ends.
"""

import os
import signal
import socket
import sys
import threading
import time

port = int(sys.argv[1])
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
try:
    if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
        # On Windows, another process could else bind the same port beside this one.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        # Connections of the one that had it before may still be closing, also where that one had it by chance.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    # From here on nobody else can: two may be bound to one port, but only one of them listens.
    listener.listen(128)
except OSError as refused:
    print("refused", refused.strerror, flush=True)
    sys.exit(1)
port = listener.getsockname()[1]
print(port, os.getpid(), flush=True)
os.dup2(2, 1)


def end_with_input():
    """Whoever started this holds the other end of standard input, which the system closes whatever becomes of them."""
    while os.read(0, 1):
        pass
    signal.raise_signal(signal.SIGTERM)
    time.sleep(10)
    os._exit(1)


if sys.argv[2] == "ends":
    threading.Thread(target=end_with_input, daemon=True).start()

import uvicorn


def serve(app, **options):
    """What `uvicorn.run` does for one worker, on the socket that is bound (uvicorn 0.54.0)."""
    server = uvicorn.Server(uvicorn.Config(app, **options))
    server.run(sockets=[listener])
    if not server.started:
        sys.exit(3)


uvicorn.run = serve

above = os.path.abspath("../..")


class Folders(list):
    """Where Python looks for modules. LiteLLM puts the folder two above the one it is started in before all others
    (1.101.3): a stray file there, of whoever may write there, would run in the place of a library."""

    def insert(self, place, folder):
        if folder != above:
            super().insert(place, folder)


sys.path = Folders(sys.path)

from litellm import run_server

# LiteLLM asks for a port of its own where 4000 is taken; whatever it asks for, `serve` uses the socket.
sys.argv = ["litellm", *sys.argv[3:], "--host", "127.0.0.1", "--port", str(port)]
run_server()
