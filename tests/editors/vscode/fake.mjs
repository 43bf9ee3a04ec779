/** A proxy with as many models as a test wants, that takes one key and answers every chat with a priced word. */

import http from "node:http";
import net from "node:net";

const VENDORS = ["anthropic", "openai", "gemini", "mistral", "ollama"];

/** One entry of `/v1/model/info`. Every seventh says nothing but its name, and every eleventh retires or has retired. */
function entry(number) {
  const vendor = VENDORS[number % VENDORS.length];
  const id = `${vendor}-model-${String(number).padStart(4, "0")}`;
  const told = {
    mode: "chat",
    litellm_provider: vendor,
    max_input_tokens: [32_000, 128_000, 200_000, 1_000_000][number % 4],
    max_output_tokens: 8_000,
    input_cost_per_token: ((number + 1) % 40) * 2.5e-7,
    output_cost_per_token: ((number + 1) % 40) * 1.25e-6,
    supports_vision: number % 2 === 0,
    supports_function_calling: number % 3 !== 0,
    supports_reasoning: number % 5 === 0,
    supports_prompt_caching: number % 4 === 0,
    ...(number % 11 === 10 && { deprecation_date: number % 2 === 0 ? "2026-02-19" : "2027-01-31" }),
  };
  return { model_name: id, litellm_params: { model: `${vendor}/${id}` }, model_info: number % 7 === 6 ? {} : told };
}

const MARKUP = "A **bold** word, `code`, and [a link](https://example.com).\n\n1. one\n2. two\n\n> said\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nlet x = 1;\n```\n";

/** By the last question: `fail` is refused, `hang` never ends, `markup` has what Markdown has, and all else is a word. */
function replyOf(_, { messages }) {
  const question = JSON.stringify(messages.at(-1));
  if (question.includes("fail")) return undefined;
  if (question.includes("hang")) return { content: "One moment", held: new Promise(() => undefined) };
  return question.includes("markup") ? MARKUP : "Done.";
}

/** On the port that is given, or a free one. */
export async function fakeProxy(count, key, port = 0) {
  const models = Array.from({ length: count }, (_, number) => entry(number));
  const usage = { prompt_tokens: 1_200, completion_tokens: 300, total_tokens: 1_500 };
  return serve(models, key, replyOf, usage, port);
}

/**
 * A proxy with these entries of `/v1/model/info`, that answers with what `reply` makes of the messages as text and of the
 * whole body: a text, or a message, its `finish`, and `held`, which settles when it may end; undefined is refused. A
 * list of texts comes in as many pieces, and then the answer breaks off.
 */
export async function serve(given, key, reply, usage, port = 0) {
  const models = [...given];
  models.push({ model_name: "embedder", litellm_params: { model: "openai/embedder" }, model_info: { mode: "embedding" } });
  const headers = { "x-litellm-version": "1.101.3", "x-litellm-key-spend": "12.4", "x-litellm-key-max-budget": "50" };

  /** Every key that was sent. */
  const keys = [];

  function answer(request, body) {
    keys.push(request.headers.authorization ?? "");
    const { pathname } = new URL(request.url, "http://localhost");
    if (pathname.startsWith("/health/live")) return [200, "I'm alive!"];
    if (request.headers.authorization !== `Bearer ${key}`) {
      return [401, { error: { message: "Authentication Error, invalid key", type: "auth_error", param: "None", code: "401" } }];
    }
    if (pathname.endsWith("/model/info")) return [200, { data: models }];
    if (pathname.endsWith("/models")) return [200, { object: "list", data: models.map(({ model_name: id }) => ({ id, object: "model" })) }];
    if (pathname === "/key/info") return [200, { key: "hash", info: { user_id: "ada" } }];
    if (pathname.startsWith("/user/daily/activity")) return [200, { results: days(models) }];
    if (!pathname.endsWith("/chat/completions")) return [404, { detail: "Not Found" }];
    const asked = JSON.parse(body);
    const { model, messages } = asked;
    const said = reply(JSON.stringify(messages), asked);
    if (said === undefined) {
      return [400, { error: { message: "the model does not like it", type: "invalid_request_error", param: null, code: "400" } }];
    }
    const { finish = "stop", held, ...message } = typeof said === "string" ? { content: said } : said;
    const choices = [{ index: 0, message: { role: "assistant", ...message }, finish_reason: finish }];
    return [200, { id: "chatcmpl-1", object: "chat.completion", created: 1, model, choices, usage }, held];
  }

  const server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      const [status, said, held] = answer(request, body);
      if (JSON.parse(body || "{}").stream && status === 200) return stream(response, said, headers, held);
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(said));
    });
  });
  await new Promise((ready) => server.listen(port, "127.0.0.1", ready));
  return { url: `http://127.0.0.1:${server.address().port}`, keys, close: () => server.close() };
}

/** The last 30 days, as LiteLLM keeps them for a user: some without calls, each day with up to three models. */
function days(models) {
  const DAY = 86_400_000;
  const of = (number) => {
    const groups = models.slice(0, 1 + (number % 3)).map(({ model_name: name }, index) => {
      const calls = 2 + ((number * 7 + index * 3) % 9);
      const metrics = { spend: calls * 0.021 * (index + 1), prompt_tokens: calls * 900, completion_tokens: calls * 220 };
      return [name, { metrics: { ...metrics, successful_requests: calls, failed_requests: number % 13 === 0 ? 1 : 0 } }];
    });
    const date = new Date(Date.now() - number * DAY).toISOString().slice(0, 10);
    return { date, metrics: {}, breakdown: { model_groups: Object.fromEntries(groups) } };
  };
  return Array.from({ length: 30 }, (_, number) => number).filter((number) => number % 7 !== 5).map(of);
}

async function stream(response, { choices, usage, ...rest }, headers, held) {
  response.writeHead(200, { "content-type": "text/event-stream", ...headers });
  const event = (more) => response.write(`data: ${JSON.stringify({ ...rest, object: "chat.completion.chunk", ...more })}\n\n`);
  const { message, finish_reason } = choices[0];
  if (Array.isArray(message.content)) {
    for (const content of message.content) event({ choices: [{ index: 0, delta: { content } }] });
    return response.end();
  }
  const calls = message.tool_calls?.map((call, index) => ({ index, ...call }));
  event({ choices: [{ index: 0, delta: { ...message, ...(calls && { tool_calls: calls }) } }] });
  await held;
  event({ choices: [{ index: 0, delta: {}, finish_reason }] });
  event({ choices: [], usage });
  response.end("data: [DONE]\n\n");
}

/** A web server that is no proxy. */
export async function webPage() {
  const server = http.createServer((_, response) => response.setHeader("Content-Type", "text/html").end("<h1>Hello</h1>"));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** Another way to a proxy, which can be closed. */
export async function way(to) {
  const { hostname, port } = new URL(to);
  const sockets = new Set();
  const server = net.createServer((near) => {
    const far = net.connect(port, hostname);
    for (const [one, other] of [[near, far], [far, near]]) {
      sockets.add(one);
      one.on("error", () => other.destroy()).on("close", () => sockets.delete(one)).pipe(other);
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}
