#!/usr/bin/env python3
"""The reference server with one thing wrong: `faults.py NAME [--lines]`. The conformance suite must catch each of them.

`faults.py --list` prints their names.
"""

import os
import sys
import threading

import provider
import server as reference
import shapes

FAULTS = {}


def fault(plant):
    FAULTS[plant.__name__.replace("_", "-")] = plant
    return plant


def wrapped(server, name):
    """Puts what the decorated function does in the place of a method, which it gets as its first argument."""
    original = getattr(server, name)
    return lambda change: setattr(server, name, lambda *arguments: change(original, *arguments))


def of_errors(server, code, change):
    """Changes each error of a code before it is sent."""
    @wrapped(server, "say")
    def say(original, message):
        for one in message if isinstance(message, list) else [message]:
            if one.get("error", {}).get("code") == code:
                change(one["error"])
        original(message)


@fault
def answers_twice(server):
    @wrapped(server, "say")
    def say(original, message):
        for _ in range(2 if "result" in message else 1):
            original(message)


@fault
def answers_notifications(server):
    @wrapped(server, "notified")
    def notified(original, *arguments):
        server.say({"jsonrpc": "2.0", "id": None, "result": None})
        original(*arguments)


@fault
def ids_as_texts(server):
    @wrapped(server, "say")
    def say(original, message):
        original({**message, "id": str(message["id"])} if "id" in message else message)


@fault
def ids_unguarded(server):
    server.running = type("Unguarded", (dict,), {"__contains__": lambda *_: False})()


@fault
def batch_one_by_one(server):
    @wrapped(server, "say")
    def say(original, message):
        for one in message if isinstance(message, list) else [message]:
            original(one)


@fault
def one_at_a_time(server):
    server.start = server.run


@fault
def settings_late(server):
    @wrapped(server, "complete")
    def complete(original, call, params):
        call.cancelled.wait(0.2)
        call.settings = server.settings
        return original(call, params)


@fault
def piece_lost(server):
    lost = []

    @wrapped(server, "piece")
    def piece(original, token, delta):
        lost.append(delta)
        if len(lost) != 2:
            original(token, delta)


@fault
def piece_late(server):
    late = {}

    @wrapped(server, "piece")
    def piece(original, token, delta):
        if token in late:
            original(token, late[token])
        late[token] = delta

    @wrapped(server, "run")
    def run(original, call):
        token = (call.params or {}).get("partialResultToken")
        original(call)
        if token in late:
            server.notify("$/progress", {"token": token, "value": late.pop(token)})


@fault
def piece_too_long(server):
    server.pieces = lambda delta: [delta]


@fault
def positional_taken(server):
    server.named = lambda call: call.params if isinstance(call.params, dict) else {}


@fault
def configure_half(server):
    @wrapped(server, "handle")
    def handle(original, call, params):
        try:
            return original(call, params)
        except shapes.Refused:
            if isinstance(params.get("model"), str):
                server.settings["model"] = params["model"]
            raise


@fault
def meta_dropped(server):
    wrapped(server, "named")(lambda original, call: {name: value for name, value in original(call).items() if name != "_meta"})


@fault
def unknown_without_kind(server):
    of_errors(server, -32601, lambda error: error.pop("data"))


@fault
def cancel_ignored(server):
    wrapped(server, "notified")(lambda original, method, params: None if method == "$/cancelRequest" else original(method, params))


@fault
def button_ignored(server):
    @wrapped(server, "notified")
    def notified(original, method, params):
        if method != "window/workDoneProgress/cancel":
            original(method, params)


@fault
def cancel_empty(server):
    of_errors(server, -32800, lambda error: error["data"].pop("partial", None))


@fault
def key_told(server):
    @wrapped(server, "effective")
    def effective(original):
        told = original()
        if "apiKey" in server.settings:
            told["apiKey"]["hint"] = server.settings["apiKey"]
        return told


@fault
def cost_unrounded(server):
    provider.rounded = lambda amount: amount + 1.2345e-17


@fault
def instant_short(server):
    now = provider.now
    provider.now = lambda: now()[:19] + "Z"


@fault
def page_lost(server):
    @wrapped(server, "listModels")
    def list_models(original, call, params):
        if "cursor" in params and params["cursor"].isdigit():
            params = {**params, "cursor": str(int(params["cursor"]) + 1)}
        return original(call, params)


@fault
def usage_blind(server):
    wrapped(server, "counted")(lambda original, model, outcome, usage: outcome == "failed" or original(model, outcome, usage))


@fault
def wrong_code(server):
    shapes.KINDS["rateLimited"] = shapes.KINDS["busy"]


@fault
def length_in_letters(server):
    @wrapped(server, "framed")
    def framed(original, text):
        return original(text) if server.door == "lines" else b"Content-Length: %d\r\n\r\n%s" % (len(text), text.encode())


@fault
def hangs(server):
    server.status = lambda *_: threading.Event().wait()


@fault
def dies(server):
    server.status = lambda *_: os._exit(3)


@fault
def stays(server):
    @wrapped(server, "serve")
    def serve(original):
        original()
        threading.Event().wait()


if __name__ == "__main__":
    if "--list" in sys.argv:
        print("\n".join(FAULTS))
        sys.exit()
    faulty = reference.Server("lines" if "--lines" in sys.argv else "lsp")
    FAULTS[sys.argv[1]](faulty)
    os._exit(faulty.serve())
