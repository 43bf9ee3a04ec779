"""The vendor behind the proxy of the tests: an OpenAI-compatible server that does what the prompt says.

The last message's text has the name of a scene (see SCENES) as a word, and may go on as it likes, for instance
with a mark by which a test finds its own request in the log. `log` is called with {"request", "path",
"headers", "body"} for each request, and with {"request", "hungUp": true} when the proxy leaves one unfinished.
"""

import asyncio
import json
import socket
import struct

import anthropic_upstream as anthropic

USAGE = {
    "prompt_tokens": 100,
    "completion_tokens": 20,
    "total_tokens": 120,
    "prompt_tokens_details": {"cached_tokens": 60},
    "completion_tokens_details": {"reasoning_tokens": 5},
}
CHUNK = {"id": "chatcmpl-up", "object": "chat.completion.chunk", "created": 1700000000, "model": "up-model"}
REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 429: "Too Many Requests", 500: "Internal Server Error"}


def text(*pieces):
    return [{"content": piece} for piece in pieces]


def call(index, **fields):
    return {"tool_calls": [{"index": index, "type": "function", **fields}]}


# Each scene is a list of deltas, "wait" for a request of the scene "release" amid them; the last item, if a text, is
# the finish reason, or how the stream breaks.
SCENES = {
    "plain": [*text("Upstream ", "says ", "hello."), "stop"],
    "words": [*text(*(f"word{number} " for number in range(200))), "stop"],
    "markup": [*text("Some **bold** words, a [link](command:litellm.forgetKey) and\n\n```rust\nlet x = 1;\n", "```\n\n<button>Allow</button><img src=x>"), "stop"],
    "wordless": ["stop"],
    "held": [*text("Held "), "wait", *text("and ", "released."), "stop"],
    "release": [*text("Released."), "stop"],
    "length": [*text("Cut ", "sho"), "length"],
    "reasoning": [{"reasoning_content": "Let me "}, {"reasoning_content": "think."}, *text("42"), "stop"],
    "tools": [
        call(0, id="call_a", function={"name": "get_weather", "arguments": ""}),
        call(0, function={"arguments": '{"city":'}),
        call(0, function={"arguments": '"Rome"}'}),
        call(1, id="call_b", function={"name": "get_time", "arguments": '{"zone":"CET"}'}),
        "tool_calls",
    ],
    "hang": [*text("One ", "moment"), "hang"],
    "error": [*text("Half ", "an "), "error"],
    "drop": [*text("Half ", "an "), "drop"],
}
RELEASED = asyncio.Event()
FAULTS = {
    "refuse400": (400, "invalid_request_error", "messages: this is not to my taste"),
    "refuse401": (401, "invalid_request_error", "Incorrect API key provided"),
    "refuse429": (429, "requests", "Rate limit reached for up-model"),
    "refuse500": (500, "server_error", "boom"),
}


def scene_of(body):
    content = body["messages"][-1]["content"]
    if isinstance(content, list):
        content = next(part["text"] for part in content if part["type"] == "text")
    # An editor puts words of its own before those of its user.
    return next((word for word in content.split() if word in SCENES or word in FAULTS), "plain")


async def answer(writer, path, body):
    """Answers a chat. Returns whether the connection can be used again."""
    if path == "/v1/messages":
        return await anthropic.answer(writer, body, send)
    scene = scene_of(body)
    if scene == "release":
        RELEASED.set()
    if scene in FAULTS:
        status, kind, message = FAULTS[scene]
        await send(writer, status, {"error": {"message": message, "type": kind, "param": None, "code": None}})
    elif body.get("stream"):
        return await stream(writer, SCENES[scene], (body.get("stream_options") or {}).get("include_usage"))
    else:
        message = {"role": "assistant", "content": "".join(d.get("content", "") for d in SCENES[scene][:-1] if d != "wait")}
        choice = {"index": 0, "message": message, "finish_reason": SCENES[scene][-1]}
        await send(writer, 200, {**CHUNK, "object": "chat.completion", "choices": [choice], "usage": USAGE})
    return True


async def send(writer, status, body):
    body = json.dumps(body).encode()
    head = f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()


async def stream(writer, scene, usage_asked):
    *deltas, end = scene
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")

    async def event(data):
        line = b"data: " + (data if isinstance(data, bytes) else json.dumps(data).encode()) + b"\n\n"
        writer.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
        await writer.drain()

    for delta in [{"role": "assistant", "content": ""}, *deltas]:
        if delta == "wait":
            await RELEASED.wait()
            RELEASED.clear()
            continue
        await event({**CHUNK, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    if end == "hang":
        await asyncio.Event().wait()
    if end == "drop":
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
        return False
    if end == "error":
        await event({"error": {"message": "The server had an error", "type": "server_error", "code": None}})
    else:
        await event({**CHUNK, "choices": [{"index": 0, "delta": {}, "finish_reason": end}]})
        if usage_asked:
            await event({**CHUNK, "choices": [], "usage": USAGE})
        await event(b"[DONE]")
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    return True


async def serve(port_is, log):
    """Serves on a free port of loopback for ever; `port_is` is called with it."""
    count = 0

    async def connection(reader, writer):
        nonlocal count
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n"):
                headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in head[1:] if line)}
                body = json.loads(await reader.readexactly(int(headers.get("content-length", 0))) or "{}")
                count += 1
                number = count
                log({"request": number, "path": head[0].split()[1], "headers": headers, "body": body})
                answering = asyncio.ensure_future(answer(writer, head[0].split()[1], body))
                # No client of ours sends a request ahead, so whatever can be read now is the end.
                leaving = asyncio.ensure_future(reader.read(1))
                await asyncio.wait([answering, leaving], return_when=asyncio.FIRST_COMPLETED)
                if not answering.done():
                    answering.cancel()
                    log({"request": number, "hungUp": True})
                    return
                leaving.cancel()
                await asyncio.wait([leaving])
                if not answering.result():
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connection, "127.0.0.1", 0)
    port_is(server.sockets[0].getsockname()[1])
    await server.serve_forever()
