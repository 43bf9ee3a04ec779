"""Gives an answer up and says what had come, then loses its server: cancel.py SERVER."""

import asyncio
import sys

from litellm_ls import LitellmError, connect


async def main(server):
    client = await connect([server])
    told = asyncio.get_running_loop().create_future()
    client.on("provider/didChangeUsage", lambda usage: told.set_result(usage["total"]["calls"]))
    await client.usage({"watch": True})
    answer = client.stream({"model": "gpt", "prompt": "Hi"})
    async for piece in answer:
        answer.cancel()
        break
    try:
        await answer.result()
    except LitellmError as error:
        print(error.code, error.kind, error.partial["message"]["text"], await told)
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
