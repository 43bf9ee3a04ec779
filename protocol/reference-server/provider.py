"""The methods: what each answers, from the settings of this connection and models that need no proxy."""

import json
import os
import re
import threading
from datetime import datetime, timezone

from models import MODELS, PRICES, answer, take
from shapes import METHOD_PARAMS, Refused, invalid

NAME, VERSION, PROFILE = "reference-server", "1.0.0", "default"
LIMITS = {"messageBytes": 1 << 20, "messageValues": 100_000, "messageLevels": 64, "requests": 64, "partialBytes": 16_384}
BATCH = 1000
TOKENS = ["partialResultToken", "workDoneToken"]


def now():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Provider:
    def __init__(self):
        self.settings, self.rows, self.watching, self.since = {}, {}, False, now()
        self.counting = threading.Lock()

    def discover(self, _, params):
        limits = dict(LIMITS, batchMessages=BATCH) if self.door == "lines" else LIMITS
        return {
            "version": 1, "versions": [1], "serverInfo": {"name": NAME, "version": VERSION},
            "methods": list(METHOD_PARAMS), "notifications": ["provider/didChangeUsage"], "commands": [],
            "features": ["meta", "paging", "cancelPartial"], "limits": limits,
        }

    def configure(self, call, params):
        for field in params.keys() & {"baseUrl", "apiKey", "model", "headers", "timeouts"}:
            if params[field] is None:
                self.settings.pop(field, None)
            else:
                before = self.settings.get(field, {}) if field == "timeouts" else None
                self.settings[field] = params[field] if before is None else {**before, **params[field]}
        result = {"profile": PROFILE, "active": True, "settings": self.effective(), "warnings": [],
                  "urls": {"models": "none:", "chat": "none:"}}
        if params.get("verify", True):
            result["status"] = self.status(call, {})
        return result

    def effective(self):
        settings = self.settings

        def told(field, value):
            return {"value": value, "origin": "configure" if field in settings else "default"}

        key, timeouts = settings.get("apiKey"), settings.get("timeouts", {})
        shown = {"present": True, "origin": "literal", "layer": "configure"} if key else {"present": False}
        if key and len(key) >= 16:
            shown["hint"] = "…" + key[-4:]
        effective = {
            "kind": told("kind", "openaiCompatible"), "auth": told("auth", "bearer"), "compatibility": told("", "default"),
            "baseUrl": told("baseUrl", re.sub(r"//[^/@]*@", "//", settings.get("baseUrl", "none:"))), "apiKey": shown,
            "timeouts": told("timeouts", {name: value for name, value in timeouts.items() if not name.startswith("_")}),
        }
        more = {"headers": sorted(settings.get("headers", {})), "model": settings.get("model")}
        return {**effective, **{field: told(field, value) for field, value in more.items() if field in settings}}

    def status(self, _, params):
        check = {"name": "models", "outcome": "ok", "message": f"{len(MODELS)} models are listed"}
        told = {"profile": PROFILE, "state": "ready", "reachable": True, "authenticated": True}
        return {**told, "modelCount": len(MODELS), "checks": [check], "checkedAt": now()}

    def listModels(self, call, params):
        query, since = params.get("query", "").lower(), params.get("ifChangedSince", "")
        if since and not re.match(r"\d{4}-\d\d-\d\dT", since):
            raise invalid("ifChangedSince", "this is no instant", "give `fetchedAt` of an earlier list")
        listed = [self.model(name, params.get("fields")) for name in MODELS if query in name]
        cursor = params.get("cursor", "0")
        start = int(cursor) if re.fullmatch(r"\d{1,4}", cursor) else -1
        if not 0 <= start < max(len(listed), 1):
            raise invalid("cursor", "this list gave no such cursor", "begin again without it")
        page = listed[start:start + params.get("limit", len(listed))]
        result = {
            "models": page, "source": "declared", "fetchedAt": self.since, "stale": False, "hiddenCount": 0, "warnings": [],
            "defaultModel": call.settings.get("model", MODELS[0]),
        }
        if since >= self.since:
            return {**result, "models": [], "unchanged": True}
        if start + len(page) < len(listed):
            result["nextCursor"] = str(start + len(page))
        return result

    def model(self, name, fields):
        summary = {"context": "128k", "output": "16k", "price": "$0.11 / $0.7", "abilities": [], "vendor": "other", "line": name}
        members = {"mode": "chat", "inputPrice": PRICES[0], "outputPrice": PRICES[1], "contextWindow": 128_000}
        members = {member: value for member, value in members.items() if not fields or member in fields}
        return {"id": name, "summary": summary, **members}

    def countTokens(self, call, params):
        question(params)
        text = json.dumps([params.get(name) for name in ("system", "messages", "prompt", "tools")])
        model = params.get("model", call.settings.get("model", MODELS[0]))
        return {"model": model, "tokens": max(1, len(text) // 4), "source": "estimate", "warning": "this server has no tokenizer"}

    def usage(self, call, params):
        self.watching = params.get("watch", self.watching)
        rows = [{"model": model, "outcome": outcome, "sum": dict(row)} for (model, outcome), row in self.rows.items()]
        return {"profile": PROFILE, "since": self.since, "total": self.total(), "rows": rows}

    def total(self):
        total = add({}, {})
        for row in self.rows.values():
            total = add(total, row)
        return total

    def complete(self, call, params):
        words = question(params)
        model = params.get("model", call.settings.get("model", MODELS[0]))
        token, work = params.get("partialResultToken"), params.get("workDoneToken")
        if work is not None:
            self.piece(work, {"kind": "begin", "title": f"Asking {model}", "cancellable": True})
        try:
            return self.ask(call, model, words, token)
        finally:
            if work is not None:
                self.piece(work, {"kind": "end"})

    def ask(self, call, model, words, token):
        message, finish, failure = {"text": ""}, None, None
        try:
            for delta in answer(model, words, call.cancelled):
                if isinstance(delta, str):
                    finish = delta
                    break
                take(message, delta)
                for piece in self.pieces(delta) if token is not None else ():
                    self.piece(token, piece)
        except Refused as refused:
            failure = refused
        if finish is None and failure is None:
            failure = Refused("the client gave it up", "requestCancelled")
        result = {"callId": os.urandom(8).hex(), "model": model, "message": message, "timing": {"totalMs": 0, "retries": 0}}
        if failure:
            self.counted(model, "cancelled" if call.cancelled.is_set() else "failed", {"unpricedCalls": 1})
            failure.error["data"].update({"partial": result} if message["text"] else {})
            raise failure
        cost = rounded((13 * PRICES[0] + 3 * PRICES[1]) / 1e6)
        usage = {"inputTokens": 13, "outputTokens": 3, "cacheReadTokens": 0, "cacheWriteTokens": 0, "reasoningTokens": 0,
                 "cost": cost, "costSource": "computed"}
        self.counted(model, "succeeded", usage)
        return {**result, "finishReason": finish, "usage": usage}

    def pieces(self, delta):
        """What is longer than a piece may be goes in parts. No letter has more than four bytes."""
        most, text = LIMITS["partialBytes"] // 4, delta.get("text")
        return [delta] if text is None else [{**delta, "text": text[start:start + most]} for start in range(0, len(text), most)]

    def piece(self, token, delta):
        self.notify("$/progress", {"token": token, "value": delta})

    def counted(self, model, outcome, took):
        with self.counting:
            self.rows[model, outcome] = add(self.rows.get((model, outcome), {}), {"calls": 1, **took})


def question(params):
    """The words of the one thing that is asked."""
    given = [name for name in ("prompt", "messages") if params.get(name)]
    if len(given) != 1:
        raise invalid(given[-1] if given else "messages", "this is not one question", "give either `messages` or `prompt`")
    if given == ["prompt"]:
        return params["prompt"]
    content = params["messages"][-1].get("content") or ""
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def add(one, other):
    """The sum of what two calls took. A cost that nobody knows is absent."""
    names = ["calls", "inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens", "reasoningTokens", "unpricedCalls"]
    costs = [part["cost"] for part in (one, other) if "cost" in part]
    total = {name: one.get(name, 0) + other.get(name, 0) for name in names}
    return {**total, "cost": rounded(sum(costs))} if costs else total


def rounded(amount):
    return float(f"{amount:.12g}")
