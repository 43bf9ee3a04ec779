"""What is too long, no text or no JSON costs one request at most; with `serve` this is the odd server itself, other arguments are no servers."""

import asyncio
import json
import sys

from litellm_ls import LitellmError, connect

# Beyond what a server takes as one message.
LONG = (64 << 20) + 1


def serve():
    for line in sys.stdin:
        request = json.loads(line)
        asked = json.dumps(request["params"].get("prompt", ""))
        text = "x" * LONG if "long" in asked else asked
        result = {"methods": [], "features": []} if request["method"] == "provider/discover" else {"text": text}
        print(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result}), flush=True)


async def main():
    client = await connect([sys.executable, __file__, "serve"])
    answer = await client.complete({"prompt": "long"})
    print(len(answer["text"]) == LONG)
    for params in [{"prompt": {1}}, {"temperature": float("nan")}]:
        for ask in [client.complete, client.stream]:
            try:
                await ask(params)
            except (TypeError, ValueError) as error:
                print(type(error).__name__)
    print((await client.complete({"prompt": "a\ud83d"}))["text"], client._waiting, client._streams)
    await client.close()
    for other in sys.argv[1:]:
        try:
            await connect([other])
        except LitellmError as error:
            print(error)


serve() if sys.argv[1:2] == ["serve"] else asyncio.run(main())
