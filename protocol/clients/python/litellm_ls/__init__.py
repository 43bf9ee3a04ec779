"""A client of litellm-ls, the server between programs and a LiteLLM proxy."""

from .client import Client, LitellmError, Stream, connect

__all__ = ["Client", "LitellmError", "Stream", "connect"]
