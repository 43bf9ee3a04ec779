"""The models of this server. IMPLEMENTING.md says what each answers; the suite's proxy has the same."""

from shapes import Refused

MODELS = ["test-hello", "test-echo", "test-hold", "test-count", "test-long", "test-cut", "test-think", "test-tool", "test-busy"]
PRICES = (0.11, 0.7)  # USD per 1,000,000 tokens of input and of output


def text(words):
    return {"type": "text", "text": words}


def answer(model, words, cancelled):
    """The pieces of an answer, and at its end why it stopped."""
    if model == "test-hello":
        yield from map(text, ["Hel", "lo", "."])
    elif model == "test-echo":
        yield text(words)
    elif model == "test-count":
        yield from (text(f"{number} ") for number in range(1000))
    elif model == "test-long":
        yield text("x" * 100_000)
    elif model == "test-think":
        yield {"type": "reasoning", "text": "Hm."}
        yield text("Yes.")
    elif model == "test-tool":
        yield {"type": "toolCall", "index": 0, "id": "call-1", "name": "look"}
        for piece in ('{"at":', '"x"}'):
            yield {"type": "toolCall", "index": 0, "arguments": piece}
        yield "toolCalls"
        return
    elif model == "test-hold":
        yield text("half")
        cancelled.wait()
        return
    elif model == "test-cut":
        yield text("half")
        raise Refused("the answer broke off", "streamInterrupted")
    elif model == "test-busy":
        raise Refused("too many requests", "rateLimited", retryAfterMs=20_000)
    else:
        raise Refused("there is no such model here", "modelNotFound", model=model)
    yield "stop"


def take(message, delta):
    """Adds a piece to a message."""
    if delta["type"] == "toolCall":
        calls = message.setdefault("toolCalls", [])
        if delta["index"] == len(calls):
            calls.append({"id": delta["id"], "name": delta["name"], "arguments": ""})
        calls[delta["index"]]["arguments"] += delta.get("arguments", "")
    else:
        message[delta["type"]] = message.get(delta["type"], "") + delta["text"]
