"""The connection: a server of its own, one JSON-RPC message a line, any number of requests at once."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

from . import protocol as types
from .protocol import METHODS

T = TypeVar("T")

class LitellmError(Exception):
    """A request that failed: `kind` for programs, the text for people, and `remedy` for what to do."""

    def __init__(self, error: types.ResponseError) -> None:
        super().__init__(error["message"])
        self.code: int = error["code"]
        self.data: types.ErrorData = error.get("data", cast(types.ErrorData, {}))
        self.kind: types.ErrorKind | None = self.data.get("kind")
        self.remedy: str | None = self.data.get("remedy")
        self.partial: types.CompleteResult | None = self.data.get("partial")


class Stream(AsyncIterator[types.Delta]):
    """An answer on its way. Iterate over its pieces, then await `result()`, which is the truth."""

    def __init__(self, client: Client, method: str, params: Mapping[str, Any]) -> None:
        self._client = client
        self._token = client._new_token()
        self._pieces: asyncio.Queue[types.Delta | None] = asyncio.Queue()
        self._id, self._response = client._start(method, {**params, "partialResultToken": self._token})
        client._streams[self._token] = self._pieces
        self._response.add_done_callback(self._end)

    def _end(self, response: asyncio.Future[Any]) -> None:
        self._client._streams.pop(self._token, None)
        self._pieces.put_nowait(None)
        # Whoever only iterates is told by the iteration.
        if not response.cancelled():
            response.exception()

    def __aiter__(self) -> Stream:
        return self

    async def __anext__(self) -> types.Delta:
        piece = await self._kept(self._pieces.get())
        if piece is None:
            self._pieces.put_nowait(None)
            await self.result()
            raise StopAsyncIteration
        return piece

    async def result(self) -> types.CompleteResult:
        """Return the whole answer. Cancelling the wait, or that for a piece, gives the answer up."""
        return await self._kept(asyncio.shield(self._response))

    async def _kept(self, wait: Awaitable[T]) -> T:
        try:
            return await wait
        except asyncio.CancelledError:
            self.cancel()
            raise

    def cancel(self) -> None:
        """Give the answer up; `result()` then raises, with what had come in `partial`."""
        self._client.notify("$/cancelRequest", {"id": self._id})


class Client:
    """A connection to a server. Made by `connect`; ends with `close`, or as an async context manager."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._process, self._input, self._output = process, process.stdin, process.stdout
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._streams: dict[str, asyncio.Queue[types.Delta | None]] = {}
        self._listeners: dict[str, list[Callable[[Any], None]]] = {}
        self._ids = self._tokens = 0
        self._gone: LitellmError | None = None
        self._reader = asyncio.create_task(self._read())
        self.discovered: types.DiscoverResult

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def supports(self, name: str) -> bool:
        """Say whether the server has a method, such as `provider/edit`, or a feature, such as `paging`."""
        return name in self.discovered["methods"] or name in self.discovered["features"]

    async def configure(self, params: types.ConfigureParams) -> types.ConfigureResult:
        """Set the provider up: where the proxy is, with which key."""
        return await self.request(METHODS["configure"], params)

    async def status(self, params: types.StatusParams | None = None) -> types.StatusResult:
        """Say whether the provider can be used, check by check."""
        return await self.request(METHODS["status"], params)

    async def models(self, params: types.ListModelsParams | None = None) -> types.ListModelsResult:
        """List the models."""
        return await self.request(METHODS["listModels"], params)

    async def complete(self, params: types.CompleteParams) -> types.CompleteResult:
        """Ask a model, and wait for the whole answer."""
        return await self.request(METHODS["complete"], params)

    def stream(self, params: types.CompleteParams) -> Stream:
        """Ask a model, and take the answer as it comes."""
        return Stream(self, METHODS["complete"], params)

    async def count(self, params: types.CountTokensParams) -> types.CountTokensResult:
        """Count the tokens of a question."""
        return await self.request(METHODS["countTokens"], params)

    async def usage(self, params: types.UsageReportParams | None = None) -> types.UsageReportResult:
        """Say what was spent; `{"watch": True}` asks for `didChangeUsage` events."""
        return await self.request(METHODS["usage"], params)

    def on(self, event: str, listener: Callable[[Any], None]) -> None:
        """Call a function with the params of each notification of this method, such as `provider/didChangeStatus`."""
        self._listeners.setdefault(event, []).append(listener)

    async def request(self, method: str, params: Mapping[str, Any] | None = None) -> Any:
        """Send a request of any method, and wait for its result. Cancelling the wait cancels the request.

        Params that are no JSON raise `TypeError` or `ValueError`, and nothing is sent.
        """
        number, response = self._start(method, params or {})
        try:
            return await response
        except asyncio.CancelledError:
            self.notify("$/cancelRequest", {"id": number})
            raise

    def notify(self, method: str, params: Mapping[str, Any]) -> None:
        """Send a notification."""
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    async def close(self) -> None:
        """End the server; it answers first what it was asked."""
        self._input.close()
        await self._reader
        await self._process.wait()

    def _start(self, method: str, params: Mapping[str, Any]) -> tuple[int, asyncio.Future[Any]]:
        self._ids += 1
        response: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self._gone:
            response.set_exception(self._gone)
            return self._ids, response
        self._send({"jsonrpc": "2.0", "id": self._ids, "method": method, "params": params})
        self._waiting[self._ids] = response
        return self._ids, response

    def _send(self, message: Mapping[str, Any]) -> None:
        if not self._gone:
            self._input.write(_line(message))

    def _new_token(self) -> str:
        self._tokens += 1
        return f"stream-{self._tokens}"

    async def _read(self) -> None:
        why = "the server has ended"
        try:
            while line := await self._output.readline():
                message = json.loads(line)
                if not isinstance(message, dict):
                    raise ValueError
                self._take(message)
        except ValueError:
            why = "what was started is no litellm-ls, for it says what is no JSON: check the command"
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        finally:
            self._gone = LitellmError({"code": 0, "message": why})
            for response in self._waiting.values():
                if not response.done():
                    response.set_exception(self._gone)
            self._waiting.clear()

    def _take(self, message: dict[str, Any]) -> None:
        if "method" in message:
            params = message.get("params", {})
            if message["method"] == "$/progress":
                if pieces := self._streams.get(params["token"]):
                    pieces.put_nowait(params["value"])
            for listener in self._listeners.get(message["method"], []):
                # What a listener raises is its own, as in a callback of the loop.
                asyncio.get_running_loop().call_soon(listener, params)
        elif (response := self._waiting.pop(message.get("id"), None)) and not response.done():
            if "error" in message:
                response.set_exception(LitellmError(message["error"]))
            else:
                response.set_result(message["result"])


def _line(message: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(message, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    except UnicodeEncodeError:
        # Half of a surrogate pair, as names of files may hold, has no bytes; the server mends its escape.
        return json.dumps(message, allow_nan=False).encode() + b"\n"


async def connect(command: Sequence[str] = ("litellm-ls",), **options: Any) -> Client:
    """Start a server, and say what this client speaks. Options, such as `env`, are those of the process."""
    process = await asyncio.create_subprocess_exec(
        *command,
        "--transport",
        "lines",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        # An answer may be longer than any message that the server takes.
        limit=sys.maxsize,
        **options,
    )
    client = Client(process)
    try:
        client.discovered = await client.request(METHODS["discover"], {"version": types.PROTOCOL_VERSION})
    except LitellmError:
        if process.returncode is None:
            process.kill()
        await client.close()
        raise
    return client
