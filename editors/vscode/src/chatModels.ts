/** Every model of the proxy as a native chat model, for the chat view and for every other extension. */

import * as vscode from "vscode";
import { Carried } from "./carried";
import { messages, type Part, ThinkingPart, tools } from "./chatMessages";
import { failure, silence } from "./chatErrors";
import { type CompleteParams, type Delta, Method, type Model, type Part as ContentPart, type Usage } from "./protocol";
import type { Server } from "./server";
import type { Session } from "./session";
import { isUnlocked } from "./unlock";
import { label, markdown, plain, reported } from "./words";

/** What the host reads though the published typings do not have it. */
interface HostFields {
  isUserSelectable: boolean;
  isBYOK: boolean;
  /** Prices as a text: numbers would be shown as credits. */
  pricing?: string;
  maxContextWindowTokens?: number;
  warningText?: Record<string, string>;
  configurationSchema?: object;
}

type Information = vscode.LanguageModelChatInformation & HostFields;

/** Added to the options by the host: the choices of the model's own menu, and the id of the extension that asks. */
type Options = vscode.ProvideLanguageModelChatResponseOptions & {
  modelConfiguration?: Record<string, unknown>;
  requestInitiator?: string;
};

/** `configuration` is added by the host where a group of models was set up in its own list; ours come from one list. */
type ListOptions = { silent: boolean; configuration?: unknown };

/** `_conversationId` is the host's own. */
type ModelOptions = { temperature?: unknown; top_p?: unknown; max_tokens?: unknown; seed?: unknown; _conversationId?: unknown };

/** The window of a model of which nobody knows it: the host wants a number, and cuts what it sends to that. */
const UNKNOWN_WINDOW = 128_000;

/** Where neither the proxy nor the model says how much an answer may take of the window. */
const OUTPUT_SHARE = 0.25;

/** The host asks for counts by the dozen, so they are estimated here. */
const BYTES_A_TOKEN = 4;

export class ChatModels implements vscode.LanguageModelChatProvider<Information>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeLanguageModelChatInformation = this.changed.event;
  private readonly carried = new Carried();

  constructor(
    private readonly extension: vscode.ExtensionContext,
    private readonly server: Server,
    private readonly session: Session,
  ) {
    // Without this the host shows no model until the user opens a list.
    server.onDidChangeRunning(() => this.changed.fire());
    server.onDidNotify((method) => {
      if (method === Method.didChangeModels) this.changed.fire();
    });
  }

  dispose(): void {
    this.changed.dispose();
  }

  /** Has the host ask for the models anew. */
  changedNow(): void {
    this.changed.fire();
  }

  async provideLanguageModelChatInformation({ silent, configuration }: ListOptions): Promise<Information[]> {
    // Models returned for a group get other names than those of the list, and choices of them would be lost.
    if (configuration !== undefined) return [];
    const list = await this.session.models().catch((error: unknown) => failure(error, undefined));
    const models = list instanceof Error ? [] : list.models;
    // Not silent is who adds models in VS Code's own list.
    const isLocked = models.length > 0 && !isUnlocked(this.extension);
    if (!silent) void vscode.commands.executeCommand(isLocked ? "litellm.unlockChat" : "litellm.configure");
    // The list of models shows the sentence; nothing pops up.
    if (list instanceof Error) throw list;
    if (!models.length) throw failure(new Error(vscode.l10n.t("the proxy lists no models for this key")), undefined);
    return models.map(information);
  }

  async provideLanguageModelChatResponse(
    model: Information,
    request: readonly vscode.LanguageModelChatRequestMessage[],
    options: Options,
    progress: vscode.Progress<vscode.LanguageModelResponsePart>,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const effort = options.modelConfiguration?.["reasoningEffort"];
    const report = reporter(progress);
    const params: CompleteParams = {
      model: model.id,
      messages: messages(request, this.carried),
      ...tools(options),
      ...(typeof effort === "string" && { reasoningEffort: effort }),
      ...modelOptions(options.modelOptions),
    };
    try {
      const result = await this.server.stream(Method.complete, params, report, token);
      const { message } = result;
      this.carried.keep(message);
      for (const call of message.toolCalls ?? []) {
        progress.report(new vscode.LanguageModelToolCallPart(call.id, call.name, object(call.arguments)));
      }
      if (message.refusal) progress.report(new vscode.LanguageModelTextPart(message.refusal));
      for (const image of message.images ?? []) progress.report(imagePart(image));
      if (result.usage) progress.report(usagePart(result.usage));
      if (!message.text && !message.toolCalls?.length && !message.refusal && !message.images?.length) throw silence(result);
    } catch (error) {
      if (token.isCancellationRequested) throw new vscode.CancellationError();
      throw failure(error, options.requestInitiator);
    }
  }

  async provideTokenCount(
    _model: Information,
    text: string | vscode.LanguageModelChatRequestMessage,
  ): Promise<number> {
    const said = typeof text === "string" ? text : JSON.stringify(messages([text], this.carried));
    return Math.ceil(Buffer.byteLength(said) / BYTES_A_TOKEN);
  }
}

/** What the host calls the family of a model. */
export function family({ provider }: Model): string {
  return provider ?? "litellm";
}

function information(model: Model): Information {
  const { summary } = model;
  const window = model.contextWindow ?? UNKNOWN_WINDOW;
  const output = Math.min(model.maxTokens ?? Math.floor(window * OUTPUT_SHARE), window);
  const contextWindow = reported(model, "contextWindow");
  return {
    id: model.id,
    name: label(model.id),
    family: family(model),
    version: "1",
    detail: label(summary.vendor === "other" ? (model.provider ?? "") : summary.vendor),
    tooltip: [model.id, summary.line, model.description ?? ""].filter(Boolean).map(markdown).join("\n\n"),
    maxInputTokens: Math.max(window - output, 1),
    maxOutputTokens: Math.max(output, 1),
    capabilities: { toolCalling: model.supportsTools ?? false, imageInput: model.supportsImages ?? false },
    isUserSelectable: true,
    isBYOK: true,
    ...(summary.price !== "unknown" && { pricing: summary.price }),
    ...(contextWindow !== undefined && { maxContextWindowTokens: contextWindow }),
    ...(summary.notice !== undefined && { warningText: { retires: plain(summary.notice) } }),
    ...(model.reasoningEfforts?.length && { configurationSchema: efforts(model.reasoningEfforts) }),
  };
}

/** The menu beside the model's name that chooses how hard it thinks. Until somebody chooses, the model decides. */
function efforts(levels: string[]): object {
  return {
    properties: {
      reasoningEffort: {
        type: "string",
        title: vscode.l10n.t("Thinking effort"),
        enum: levels,
        enumItemLabels: levels.map((level) => label(level.charAt(0).toUpperCase() + level.slice(1))),
        group: "navigation",
      },
    },
  };
}

/** What the chat and other extensions may set of a request. */
function modelOptions(options: ModelOptions | undefined): Partial<CompleteParams> {
  const { temperature, top_p: topP, max_tokens: maxTokens, seed, _conversationId: conversation } = options ?? {};
  const numbers = Object.entries({ temperature, topP, maxTokens, seed }).filter(([, value]) => typeof value === "number");
  return { ...Object.fromEntries(numbers), ...(typeof conversation === "string" && { sessionId: conversation }) };
}

/** Passes an answer on piece by piece. What was thought in one go has one id, so that the host shows one block. */
function reporter(progress: vscode.Progress<Part>): (delta: Delta) => void {
  let block = 0;
  let thinking = false;
  return (delta) => {
    if (delta.type === "text") progress.report(new vscode.LanguageModelTextPart(delta.text));
    if (delta.type === "reasoning") {
      if (!thinking) block += 1;
      // Hosts without such a part get the answer without its reasoning.
      if (ThinkingPart) progress.report(new ThinkingPart(delta.text, `thinking-${block}`));
    }
    thinking = delta.type === "reasoning";
  };
}

/** The arguments of a call, which the model may have written wrongly. */
function object(text: string): object {
  try {
    const value: unknown = JSON.parse(text || "{}");
    return typeof value === "object" && value !== null ? value : { value };
  } catch {
    return { arguments: text };
  }
}

/** An image of the model, as the host shows it. */
function imagePart(image: ContentPart): Part {
  if (image.type === "image" && image.data && image.mimeType) {
    return vscode.LanguageModelDataPart.image(Buffer.from(image.data, "base64"), image.mimeType);
  }
  return new vscode.LanguageModelTextPart(image.type === "image" ? `\n${image.url ?? ""}\n` : "");
}

/** What the answer took, in the form that the chat's own gauge reads. */
function usagePart(usage: Usage): Part {
  const { inputTokens = 0, outputTokens = 0, cacheReadTokens = 0 } = usage;
  return vscode.LanguageModelDataPart.json(
    {
      prompt_tokens: inputTokens,
      completion_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
      prompt_tokens_details: { cached_tokens: cacheReadTokens },
    },
    "usage",
  );
}
