/** Every model of the proxy as a native chat model, for the chat view and for every other extension. */

import * as vscode from "vscode";
import { Carried } from "./carried";
import { messages, type Part, ThinkingPart, tools } from "./chatMessages";
import { failure, silence } from "./chatErrors";
import { type CompleteParams, type Delta, Method, type Model, type Part as ContentPart, type Usage } from "./protocol";
import type { Server } from "./server";
import type { Session } from "./session";
import { abilities, context, label, markdown, prices, reported, retirement } from "./words";

/** What the host reads though the published typings do not have it. */
interface HostFields {
  isUserSelectable: boolean;
  isBYOK: boolean;
  inputCost?: number;
  outputCost?: number;
  cacheCost?: number;
  cacheWriteCost?: number;
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

/** Added by the host where a group of models was set up in its own list; ours come from one list. */
type ListOptions = { silent: boolean; configuration?: unknown };

/** Where neither the proxy nor the model says how much an answer may take of the window. */
const OUTPUT_SHARE = 0.25;

/** The host asks for counts by the dozen, so they are estimated here. */
const BYTES_A_TOKEN = 4;

export class ChatModels implements vscode.LanguageModelChatProvider<Information>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeLanguageModelChatInformation = this.changed.event;
  private readonly carried = new Carried();

  constructor(
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

  async provideLanguageModelChatInformation({ silent, configuration }: ListOptions): Promise<Information[]> {
    // Models returned for a group get other names than those of the list, and choices of them would be lost.
    if (configuration !== undefined) return [];
    try {
      const { models } = await this.session.models();
      return models.map(information);
    } catch (error) {
      // The host asks often and unseen; what is wrong stands in the status bar.
      if (!silent) this.server.log.warn(String(error));
      return [];
    }
  }

  async provideLanguageModelChatResponse(
    model: Information,
    request: readonly vscode.LanguageModelChatRequestMessage[],
    options: Options,
    progress: vscode.Progress<vscode.LanguageModelResponsePart>,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const effort = options.modelConfiguration?.["reasoningEffort"];
    const params: CompleteParams = {
      model: model.id,
      messages: messages(request, this.carried),
      ...tools(options),
      ...(typeof effort === "string" && effort !== "default" && { reasoningEffort: effort }),
      ...modelOptions(options.modelOptions),
    };
    try {
      const result = await this.server.stream(params, (delta) => report(delta, progress), token);
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

function information(model: Model): Information {
  const window = model.contextWindow ?? 0;
  const output = Math.min(model.maxTokens ?? Math.floor(window * OUTPUT_SHARE), window);
  return {
    id: model.id,
    name: label(model.id),
    family: model.provider ?? "litellm",
    version: "1",
    detail: prices(model),
    tooltip: [model.id, model.provider ?? "", context(model), prices(model), abilities(model)]
      .filter(Boolean)
      .map(markdown)
      .join("\n\n"),
    maxInputTokens: Math.max(window - output, 1),
    maxOutputTokens: Math.max(output, 1),
    capabilities: { toolCalling: model.supportsTools ?? false, imageInput: model.supportsImages ?? false },
    isUserSelectable: true,
    isBYOK: true,
    ...defined({
      inputCost: reported(model, "inputPrice"),
      outputCost: reported(model, "outputPrice"),
      cacheCost: reported(model, "cacheReadsPrice"),
      cacheWriteCost: reported(model, "cacheWritesPrice"),
      maxContextWindowTokens: reported(model, "contextWindow"),
    }),
    ...(model.retiresOn && { warningText: { retires: `This model ${retirement(model)}.` } }),
    ...(model.reasoningEfforts?.length && { configurationSchema: efforts(model.reasoningEfforts) }),
  };
}

/** The menu beside the model's name that chooses how hard it thinks. */
function efforts(levels: string[]): object {
  return {
    properties: {
      reasoningEffort: {
        type: "string",
        title: "Reasoning effort",
        enum: ["default", ...levels],
        default: "default",
        group: "navigation",
      },
    },
  };
}

function defined<T extends Record<string, number | undefined>>(fields: T): { [K in keyof T]?: number } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: number };
}

/** What another extension may set of a request. */
function modelOptions(options: Readonly<Record<string, unknown>> | undefined): Partial<CompleteParams> {
  const { temperature, top_p: topP, max_tokens: maxTokens, seed } = options ?? {};
  const numbers = { temperature, topP, maxTokens, seed };
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => typeof value === "number"));
}

function report(delta: Delta, progress: vscode.Progress<Part>): void {
  if (delta.type === "text") progress.report(new vscode.LanguageModelTextPart(delta.text));
  // Hosts without such a part get the answer without its reasoning.
  if (delta.type === "reasoning" && ThinkingPart) progress.report(new ThinkingPart(delta.text));
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
