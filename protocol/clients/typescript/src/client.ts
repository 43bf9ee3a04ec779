// The connection: a server of its own, one JSON-RPC message a line, any number of requests at once.
import { type ChildProcessByStdio, type SpawnOptions, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import {
  type CompleteParams,
  type CompleteResult,
  type ConfigureParams,
  type ConfigureResult,
  type CountTokensParams,
  type CountTokensResult,
  type Delta,
  type DiscoverResult,
  type ErrorData,
  type ErrorKind,
  type ListModelsParams,
  type ListModelsResult,
  Method,
  type Notifications,
  PROTOCOL_VERSION,
  type ProgressParams,
  type Requests,
  type ResponseError,
  type StatusParams,
  type StatusResult,
  type UsageReportParams,
  type UsageReportResult,
} from "./protocol.js";

/** A request that failed: `kind` for programs, `message` for people, and `remedy` for what to do. */
export class LitellmError extends Error {
  readonly code: number;
  readonly data: Partial<ErrorData>;

  constructor(error: ResponseError) {
    super(error.message);
    this.name = "LitellmError";
    this.code = error.code;
    this.data = error.data ?? {};
  }

  get kind(): ErrorKind | undefined {
    return this.data.kind;
  }

  get remedy(): string | undefined {
    return this.data.remedy;
  }

  /** What had arrived, where an answer broke off or was cancelled. */
  get partial(): CompleteResult | undefined {
    return this.data.partial;
  }
}

/** An answer on its way. Iterate over its pieces, then await `result`, which is the truth. */
export interface Stream extends AsyncIterable<Delta> {
  readonly result: Promise<CompleteResult>;
  /** Gives the answer up; `result` is then rejected, with what had come in `partial`. */
  cancel(): void;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Whatever comes in a line. */
interface Message {
  id?: number | string | null;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: ResponseError;
}

/** A connection to a server. Made by `connect`; ends with `close`. */
export class Client {
  /** What the server can do. */
  discovered!: DiscoverResult;
  readonly #server: ChildProcessByStdio<Writable, Readable, null>;
  readonly #ended: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #streams = new Map<string, (piece: Delta) => void>();
  readonly #listeners = new Map<string, ((params: never) => void)[]>();
  #ids = 0;
  #gone: Error | undefined;

  constructor(server: ChildProcessByStdio<Writable, Readable, null>) {
    this.#server = server;
    // A broken pipe is told by the end of the output.
    server.stdin.on("error", () => {});
    server.on("error", (error) => this.#end(error));
    // Not by `readline`, which takes U+2028 for the end of a line.
    server.stdout.setEncoding("utf8");
    let begun: string[] = [];
    server.stdout.on("data", (text: string) => {
      const [first = "", ...more] = text.split("\n");
      begun.push(first);
      for (const next of more) {
        this.#read(begun.join(""));
        begun = [next];
      }
    });
    this.#ended = new Promise((resolve) => {
      server.stdout.on("close", () => {
        this.#end(new Error("the server has ended"));
        resolve();
      });
    });
  }

  /** Whether the server has a method, such as `provider/edit`, or a feature, such as `paging`. */
  supports(name: string): boolean {
    return this.discovered.methods.includes(name) || this.discovered.features.includes(name);
  }

  /** Sets the provider up: where the proxy is, with which key. */
  configure(params: ConfigureParams): Promise<ConfigureResult> {
    return this.request(Method.configure, params);
  }

  /** Says whether the provider can be used, check by check. */
  status(params: StatusParams = {}): Promise<StatusResult> {
    return this.request(Method.status, params);
  }

  /** Lists the models. */
  models(params: ListModelsParams = {}): Promise<ListModelsResult> {
    return this.request(Method.listModels, params);
  }

  /** Asks a model, and waits for the whole answer. */
  complete(params: CompleteParams, signal?: AbortSignal): Promise<CompleteResult> {
    return this.request(Method.complete, params, signal);
  }

  /** Asks a model, and takes the answer as it comes. */
  stream(params: CompleteParams): Stream {
    const given = new AbortController();
    const token = `stream-${this.#ids + 1}`;
    const pieces: Delta[] = [];
    let ended = false;
    let wake = () => {};
    this.#streams.set(token, (piece) => {
      pieces.push(piece);
      wake();
    });
    const result = this.complete({ ...params, partialResultToken: token }, given.signal).finally(() => {
      this.#streams.delete(token);
      ended = true;
      wake();
    });
    // Whoever only iterates is told by the iteration.
    result.catch(() => {});
    async function* iterate(): AsyncGenerator<Delta> {
      for (;;) {
        const piece = pieces.shift();
        if (piece) yield piece;
        else if (ended) break;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
      await result;
    }
    return { result, cancel: () => given.abort(), [Symbol.asyncIterator]: iterate };
  }

  /** Counts the tokens of a question. */
  count(params: CountTokensParams): Promise<CountTokensResult> {
    return this.request(Method.countTokens, params);
  }

  /** Says what was spent; `{ watch: true }` asks for `provider/didChangeUsage` events. */
  usage(params: UsageReportParams = {}): Promise<UsageReportResult> {
    return this.request(Method.usage, params);
  }

  /** Calls a function with the params of each notification of this method. */
  on<M extends keyof Notifications>(method: M, listener: (params: Notifications[M]) => void): void {
    this.#listeners.set(method, [...(this.#listeners.get(method) ?? []), listener]);
  }

  /** Sends a request of any method, and waits for its result. The signal cancels it at the server. */
  request<M extends keyof Requests>(
    method: M,
    params: Requests[M]["params"],
    signal?: AbortSignal,
  ): Promise<Requests[M]["result"]> {
    const id = ++this.#ids;
    const cancel = () => this.notify("$/cancelRequest", { id });
    const answer = new Promise<Requests[M]["result"]>((resolve, reject) => {
      if (this.#gone) return reject(this.#gone);
      // Params that are no JSON throw, and nothing is sent.
      this.#send({ jsonrpc: "2.0", id, method, params });
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      if (signal?.aborted) cancel();
      else signal?.addEventListener("abort", cancel);
    });
    return answer.finally(() => signal?.removeEventListener("abort", cancel));
  }

  /** Sends a notification. */
  notify(method: string, params: object): void {
    this.#send({ jsonrpc: "2.0", method, params });
  }

  /** Ends the server; it answers first what it was asked. */
  async close(): Promise<void> {
    this.#server.stdin.end();
    await this.#ended;
  }

  #send(message: object): void {
    if (!this.#gone) this.#server.stdin.write(`${JSON.stringify(message)}\n`);
  }

  #read(line: string): void {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {}
    if (typeof message === "object" && message) {
      this.#take(message);
    } else {
      this.#end(new Error("what was started is no litellm-ls, for it says what is no JSON: check the command"));
      this.#server.kill();
    }
  }

  #take({ id, method, params, result, error }: Message): void {
    if (method === "$/progress") {
      const { token, value } = params as ProgressParams;
      this.#streams.get(String(token))?.(value);
    } else if (method !== undefined) {
      for (const listener of this.#listeners.get(method) ?? []) {
        // What a listener throws is its own: it ends neither the reading nor the program.
        queueMicrotask(() => {
          try {
            listener(params as never);
          } catch (error) {
            process.emitWarning(error instanceof Error ? error : String(error));
          }
        });
      }
    } else if (typeof id === "number") {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) waiting?.reject(new LitellmError(error));
      else waiting?.resolve(result);
    }
  }

  #end(why: Error): void {
    this.#gone ??= why;
    for (const { reject } of this.#waiting.values()) reject(this.#gone);
    this.#waiting.clear();
  }
}

/** Starts a server, and says what this client speaks. The options, such as `env`, are those of the process. */
export async function connect(program = "litellm-ls", options: SpawnOptions = {}): Promise<Client> {
  const server = spawn(program, ["--transport", "lines"], { ...options, stdio: ["pipe", "pipe", "inherit"] });
  const client = new Client(server as ChildProcessByStdio<Writable, Readable, null>);
  client.discovered = await client.request(Method.discover, { version: PROTOCOL_VERSION });
  return client;
}
