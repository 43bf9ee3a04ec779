"""A pygls client under pytest-lsp, with the real binary and a real proxy.

The environment names them: LITELLM_LS_BINARY, LITELLM_LS_BASE_URL, LITELLM_LS_KEY.
"""

import asyncio
import os

import pytest
import pytest_lsp
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient

BINARY, BASE_URL, KEY = (os.environ[f"LITELLM_LS_{name}"] for name in ["BINARY", "BASE_URL", "KEY"])

pytestmark = pytest.mark.asyncio


def make_client():
    client = LanguageClient(converter_factory=default_converter)
    client.progress = asyncio.Queue()

    # pytest-lsp's own handler knows work-done progress only.
    @client.feature(types.PROGRESS)
    def progress(params):
        client.progress.put_nowait((params.token, params.value))

    return client


environment = {name: os.environ[name] for name in ["HOME", "PATH"]}


@pytest_lsp.fixture(config=ClientServerConfig([BINARY], client_factory=make_client, server_env=environment))
async def client(lsp_client: LanguageClient):
    parameters = types.InitializeParams(capabilities=types.ClientCapabilities(), process_id=os.getpid())
    lsp_client.initialized_with = await lsp_client.initialize_session(parameters)
    lsp_client.configured_with = await ask(lsp_client, "configure", baseUrl=BASE_URL, apiKey=KEY)
    yield lsp_client
    await lsp_client.shutdown_session()
    assert lsp_client._server.returncode == 0


async def ask(client, method, id=None, **params):
    return await asyncio.wait_for(client.protocol.send_request_async(f"provider/{method}", params, id), timeout=30)


async def test_capabilities_name_the_methods(client):
    provider = client.initialized_with.capabilities.experimental["provider"]
    assert provider["version"] == 1
    assert {f"provider/{name}" for name in ["configure", "status", "listModels", "complete"]} <= set(provider["methods"])


async def test_configure_keeps_the_key_to_itself(client):
    assert client.configured_with.status.state == "ready"
    assert client.configured_with.settings.baseUrl.value == BASE_URL
    assert KEY not in repr(client.configured_with)


async def test_models(client):
    models = {model.id: model for model in (await ask(client, "listModels")).models}
    assert {"plain", "alias-shown"} <= models.keys()
    assert models["described"].contextWindow == 200_000
    assert models["described"].inputPrice == 3


async def test_deltas_are_the_text_of_the_result(client):
    result = await ask(client, "complete", model="long", prompt="hello", partialResultToken="answer")
    deltas = []
    while not client.progress.empty():
        token, delta = client.progress.get_nowait()
        assert token == "answer"
        deltas.append(delta)
    assert "日本語 🦀🚀" in result.message.text
    assert "".join(delta["text"] for delta in deltas if delta["type"] == "text") == result.message.text
    assert result.finishReason == "stop"


async def test_cancel(client):
    request = asyncio.create_task(
        ask(client, "complete", id="to-cancel", model="up", prompt="hang python", partialResultToken="endless")
    )
    await asyncio.wait_for(client.progress.get(), timeout=30)
    client.cancel_request(types.CancelParams(id="to-cancel"))
    with pytest.raises(JsonRpcException) as error:
        await request
    assert error.value.code == types.LSPErrorCodes.RequestCancelled


async def test_unknown_model(client):
    with pytest.raises(JsonRpcException) as error:
        await ask(client, "complete", model="plian", prompt="hello")
    assert error.value.code > 0
    assert error.value.data["kind"] == "modelNotFound"
