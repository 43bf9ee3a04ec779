#!/usr/bin/env python3
"""A small server of the litellm-ls protocol, to read and to start from: no proxy, but models of its own.

`server.py` speaks at the LSP door, `server.py --lines` at the line door. faults.py makes it wrong, for the suite to catch.
"""

import json
import os
import re
import sys
import threading

from provider import BATCH, LIMITS, PROFILE, TOKENS, Provider
from shapes import METHOD_PARAMS, Refused, invalid, nearest, problems_of


class Call:
    """A request that runs, with the settings as they were when it came."""

    def __init__(self, key, method, params, reply, settings):
        self.key, self.method, self.params, self.reply, self.settings = key, method, params, reply, dict(settings)
        self.cancelled = threading.Event()
        self.tokens, self.taken = set(), None

    def claim(self, running):
        """Has its tokens, unless a request that runs has one: then `taken` names that."""
        params = self.params if isinstance(self.params, dict) and self.method == "provider/complete" else {}
        used = {token for call in running for token in call.tokens}
        for name in TOKENS:
            token = json.dumps(params.get(name))
            if token in used:
                self.tokens, self.taken = set(), name
                return
            if token != "null":
                self.tokens.add(token)
                used.add(token)


class Server(Provider):
    def __init__(self, door):
        super().__init__()
        self.door = door
        self.out, self.lock = threading.Lock(), threading.RLock()
        self.running, self.waiting, self.state = {}, [], "ready" if door == "lines" else "new"

    # Messages

    def say(self, message):
        framed = self.framed(json.dumps(message, ensure_ascii=False))
        with self.out:
            try:
                sys.stdout.buffer.write(framed)
                sys.stdout.buffer.flush()
            except OSError:
                os._exit(1)

    def framed(self, text):
        data = text.encode()
        return data + b"\n" if self.door == "lines" else b"Content-Length: %d\r\n\r\n%s" % (len(data), data)

    def notify(self, method, params):
        self.say({"jsonrpc": "2.0", "method": method, "params": params})

    def read(self):
        """The next message as bytes, b"" for one that is too long; None at the end."""
        source = sys.stdin.buffer
        if self.door == "lines":
            line = source.readline(LIMITS["messageBytes"] + 2)
            if len(line.rstrip(b"\r\n")) > LIMITS["messageBytes"]:
                while line and not line.endswith(b"\n"):
                    line = source.readline(1 << 16)
                return b""
            return line or None
        headers = {}
        while (line := source.readline(1 << 13)).strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        if not line:
            return None
        length = headers.get("content-length", "")
        if not re.fullmatch(r"\d+", length) or int(length) > LIMITS["messageBytes"]:
            raise ValueError("a message has a Content-Length within the limit")
        return source.read(int(length))

    def serve(self):
        while True:
            try:
                text = self.read()
            except ValueError as error:
                self.say(refusal(None, -32700, str(error)))
                return 1
            if text is None:
                break
            if not text or text.strip() or self.door == "lsp":
                self.message(text)
        if self.door == "lsp":
            return 1
        while asking := [thread for thread in threading.enumerate() if thread is not threading.main_thread()]:
            asking[0].join()
        return 0

    def message(self, text):
        """One frame: a message, a batch, or neither."""
        if not text:
            return self.say(refusal(None, -32600, "the message is too long"))
        try:
            message = json.loads(text.decode())
        except (ValueError, RecursionError) as error:
            return self.say(refusal(None, -32700, f"this can't be read: {error}".splitlines()[0]))
        values, levels = size(message)
        if values > LIMITS["messageValues"] or levels > LIMITS["messageLevels"]:
            return self.say(refusal(None, -32600, "the message has too many values or levels"))
        if not isinstance(message, list):
            return self.one(message, self.say)
        if self.door == "lsp" or not message or len(message) > BATCH:
            return self.say(refusal(None, -32600, "no batch of this size is taken here"))
        batch = Batch(self.say)
        batch.close(sum(self.one(entry, batch.take) for entry in message))

    def one(self, message, reply):
        """One message; returns whether there is an answer, which `reply` takes once it is there."""
        def refuse(request_id, why):
            reply(refusal(request_id, -32600, why))
            return True

        if not isinstance(message, dict):
            return refuse(None, "a message is an object")
        request_id, method, params = message.get("id"), message.get("method"), message.get("params")
        if "method" not in message and ("result" in message or "error" in message):
            return False
        if isinstance(request_id, (bool, dict, list)):
            return refuse(None, "an id is a text or a number")
        if message.get("jsonrpc") != "2.0" or not isinstance(method, str):
            return refuse(request_id, "a request has `jsonrpc` of 2.0 and a `method`")
        if "id" not in message:
            self.notified(method, params)
            return False
        if not isinstance(params, (dict, list, type(None))):
            return refuse(request_id, "params are an object")
        self.request(request_id, method, params, reply)
        return True

    # Requests

    def request(self, request_id, method, params, reply):
        def send(**outcome):
            reply({"jsonrpc": "2.0", "id": request_id, **outcome})

        call = Call(json.dumps(request_id), method, params, send, self.settings)
        with self.lock:
            if call.key in self.running:
                return send(error={"code": -32600, "message": "a request of this id runs"})
            if self.state != "ready" and method != "initialize":
                code = -32002 if self.state == "new" else -32600
                return send(error={"code": code, "message": "the server is not ready for this"})
            if len(self.running) >= LIMITS["requests"]:
                if self.door == "lsp":
                    return send(error=Refused("too many requests run at once", "busy").error)
                self.waiting.append(call)
                return
            self.admit(call)
        self.start(call)

    def admit(self, call):
        call.claim(self.running.values())
        self.running[call.key] = call

    def start(self, call):
        """What is quick is done at once, in the order it came; a question to a model has a thread of its own."""
        if call.method == "provider/complete":
            threading.Thread(target=self.run, args=(call,), daemon=True).start()
        else:
            self.run(call)

    def run(self, call):
        meta = {}
        try:
            params = self.named(call)
            meta = {"_meta": params["_meta"]} if "_meta" in params else {}
            result = self.handle(call, params)
            finish = {"result": result and {**result, **meta}}
        except Refused as refused:
            refused.error.get("data", {}).update(meta)
            finish = {"error": refused.error}
        with self.lock:
            self.running.pop(call.key, None)
            following = self.waiting.pop(0) if self.waiting else None
            if following:
                self.admit(following)
        call.reply(**finish)
        if call.method == "provider/complete" and self.watching:
            self.notify("provider/didChangeUsage", {"profile": PROFILE, "total": self.total()})
        if following:
            self.start(following)

    def named(self, call):
        """Params as an object."""
        if isinstance(call.params, list) and call.params and call.method in METHOD_PARAMS:
            raise invalid("", "params without names are not taken", "give an object")
        return call.params if isinstance(call.params, dict) else {}

    def handle(self, call, params):
        method = call.method
        if method in ("initialize", "shutdown") and self.door == "lsp":
            return getattr(self, method)(params)
        if method not in METHOD_PARAMS:
            near = nearest(method, METHOD_PARAMS)
            raise Refused("there is no such method here", "methodNotFound", **({"nearest": [near]} if near else {}))
        wrong = problems_of(METHOD_PARAMS[method], params, configure=method == "provider/configure")
        if wrong:
            raise Refused("the params do not fit", "invalidParams", problems=wrong[:20])
        if method != "provider/configure":
            params = {name: value for name, value in params.items() if value is not None}
        if call.taken:
            raise invalid(call.taken, "this token is in use", "give one that no running request of yours has")
        if params.get("profile", PROFILE) not in (PROFILE, None):
            raise Refused("there is no profile of this name", "notConfigured", profile=params["profile"])
        return getattr(self, method.removeprefix("provider/"))(call, params)

    def initialize(self, _):
        if self.state != "new":
            raise Refused("it was initialized already", code=-32600)
        self.state = "ready"
        return {"capabilities": {"experimental": {"provider": self.discover(None, {})}}}

    def shutdown(self, _):
        self.state = "over"

    def notified(self, method, params):
        params = params if isinstance(params, dict) else {}
        if method == "exit" and self.door == "lsp":
            os._exit(0 if self.state == "over" else 1)
        if method == "$/cancelRequest" and "id" in params:
            self.cancel(lambda call: call.key == json.dumps(params["id"]))
        if method == "window/workDoneProgress/cancel" and "token" in params:
            token = json.dumps(params["token"])
            self.cancel(lambda call: isinstance(call.params, dict) and json.dumps(call.params.get("workDoneToken")) == token)

    def cancel(self, is_meant):
        with self.lock:
            for call in filter(is_meant, list(self.waiting)):
                self.waiting.remove(call)
                call.reply(error=Refused("the client gave it up", "requestCancelled").error)
            for call in filter(is_meant, self.running.values()):
                call.cancelled.set()


class Batch:
    def __init__(self, say):
        self.say, self.answers, self.expected, self.lock = say, [], None, threading.Lock()

    def take(self, message):
        with self.lock:
            self.answers.append(message)
        self.close(self.expected)

    def close(self, expected):
        with self.lock:
            self.expected = expected
            whole = self.answers if expected and len(self.answers) == expected else None
        if whole:
            self.say(whole)


def refusal(request_id, code, why):
    return {"jsonrpc": "2.0", "id": request_id, "error": {"code": code, "message": why}}


def size(value):
    """How many values there are in a value, itself included, and how many levels of lists and objects."""
    if not isinstance(value, (dict, list)):
        return 1, 0
    sizes = [size(inner) for inner in (value.values() if isinstance(value, dict) else value)]
    return 1 + sum(values for values, _ in sizes), 1 + max((levels for _, levels in sizes), default=0)


if __name__ == "__main__":
    os._exit(Server("lines" if "--lines" in sys.argv else "lsp").serve())
