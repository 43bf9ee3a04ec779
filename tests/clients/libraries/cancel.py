"""Gives an answer up and says what had come, then loses its server: cancel.py SERVER."""

import asyncio
import sys

from litellm_ls import LitellmError, connect


async def main(server):
    client = await connect([server])
    # What a listener raises is its own.
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    client.on("provider/didChangeUsage", lambda usage: usage["nosuch"])
    told = asyncio.get_running_loop().create_future()
    client.on("provider/didChangeUsage", lambda usage: told.done() or told.set_result(usage["total"]["calls"]))
    await client.usage({"watch": True})
    answer = client.stream({"model": "gpt", "prompt": "Hi"})
    async for piece in answer:
        answer.cancel()
        break
    try:
        await answer.result()
    except LitellmError as error:
        print(error.code, error.kind, error.partial["message"]["text"], await told)
    for wait in [lambda answer: anext(answer), lambda answer: answer.result()]:
        answer = client.stream({"model": "gpt", "prompt": "Hi"})
        await anext(answer)
        waiting = asyncio.ensure_future(wait(answer))
        await asyncio.sleep(0)
        waiting.cancel()
        try:
            await answer.result()
        except LitellmError as error:
            assert error.kind == "requestCancelled", error
    try:
        await client.configure({"baseURL": "x"})
    except LitellmError as error:
        print(error.kind, error.data["problems"][0]["nearest"])
    await client.close()
    try:
        await client.status()
    except LitellmError as error:
        print(error)


asyncio.run(main(*sys.argv[1:]))
