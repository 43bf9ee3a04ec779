"""Anthropic's API behind the proxy of the tests: a Claude that thinks, calls a tool, and wants to read its thoughts again.

It thinks in two signed blocks with a sealed one between. A request that thinks, and whose last turn calls tools, must
have these three as they were; then it says "It is done.". Where a block is another, or not there, it refuses as the
vendor does.
"""

import json

BLOCKS = [
    {"type": "thinking", "thinking": "Forty and two \u2014 \u65e5\u672c\u8a9e.", "signature": "c2lnLTE="},
    {"type": "redacted_thinking", "data": "c2VhbGVk"},
    {"type": "thinking", "thinking": "haha", "signature": "c2lnLTI="},
]
CALL = {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {"at": "Rome"}}
USAGE = {"input_tokens": 31, "output_tokens": 22}


def refusal(body):
    """What is wrong with a request that thinks, as the vendor says it."""
    if not body.get("thinking"):
        return None
    last = next((message for message in reversed(body["messages"]) if message["role"] == "assistant"), None)
    content = last["content"] if last and isinstance(last["content"], list) else []
    if not any(block["type"] == "tool_use" for block in content):
        return None
    if content[0]["type"] not in ("thinking", "redacted_thinking"):
        return f"messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{content[0]['type']}`."
    thoughts = [block for block in content if block["type"] in ("thinking", "redacted_thinking")]
    if thoughts != BLOCKS:
        return "messages.1.content.0: Invalid `signature` in `thinking` block"
    if any(block.get("text") is not None for block in content):
        return "messages.1.content: there is a text that was never said"
    return None


def events(body):
    def block(index, start, *deltas):
        yield "content_block_start", {"index": index, "content_block": start}
        for delta in deltas:
            yield "content_block_delta", {"index": index, "delta": delta}
        yield "content_block_stop", {"index": index}

    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": body["model"], "content": [], "usage": USAGE}
    yield "message_start", {"message": {**message, "stop_reason": None, "stop_sequence": None}}
    if any(message["role"] == "assistant" for message in body["messages"]):
        yield from block(0, {"type": "text", "text": ""}, {"type": "text_delta", "text": "It is done."})
        reason = "end_turn"
    else:
        thoughts = BLOCKS if body.get("thinking") else []
        for index, thought in enumerate(thoughts):
            if thought["type"] == "redacted_thinking":
                yield from block(index, thought)
                continue
            text = thought["thinking"]
            pieces = [text[:2], text[2:]]
            yield from block(
                index,
                {"type": "thinking", "thinking": "", "signature": ""},
                *({"type": "thinking_delta", "thinking": piece} for piece in pieces),
                {"type": "signature_delta", "signature": thought["signature"]},
            )
        piece = {"type": "input_json_delta", "partial_json": json.dumps(CALL["input"])}
        yield from block(len(thoughts), {**CALL, "input": {}}, piece)
        reason = "tool_use"
    yield "message_delta", {"delta": {"stop_reason": reason, "stop_sequence": None}, "usage": USAGE}
    yield "message_stop", {}


async def answer(writer, body, send):
    """Answers a request. Returns whether the connection can be used again."""
    if problem := refusal(body):
        error = {"type": "invalid_request_error", "message": problem}
        await send(writer, 400, {"type": "error", "error": error})
        return True
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    for name, data in events(body):
        event = f"event: {name}\ndata: {json.dumps({'type': name, **data})}\n\n".encode()
        writer.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
        await writer.drain()
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    return True
