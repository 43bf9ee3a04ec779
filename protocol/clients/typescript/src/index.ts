// A client of litellm-ls, the server between programs and a LiteLLM proxy.
export * from "./client.js";
export * from "./protocol.js";
