"""Asks a model, and shows the answer as it comes: ask.py SERVER QUESTION."""

import asyncio
import sys

from litellm_ls import LitellmError, connect


async def main(server: str, question: str) -> None:
    async with await connect([server]) as client:
        client.on("provider/didChangeStatus", lambda status: print("status:", status["message"]))
        status = await client.status()
        print("state:", status["state"])
        models = (await client.models())["models"]
        print("models:", ", ".join(model["id"] for model in models))
        if client.supports("provider/countTokens"):
            print("tokens:", (await client.count({"prompt": question}))["tokens"])
        try:
            answer = client.stream({"prompt": question})
            async for piece in answer:
                if piece["type"] == "text":
                    print("piece:", piece["text"])
            print("answer:", (await answer.result())["message"]["text"])
            await client.complete({"prompt": question, "model": "no-such-model"})
        except LitellmError as error:
            print(f"error: {error.kind}: {error}; {error.remedy}")
        print("calls:", (await client.usage())["total"]["calls"])


asyncio.run(main(*sys.argv[1:]))
