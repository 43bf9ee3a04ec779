/** Every model of the proxy as a native chat model, for the chat view and for every other extension. */

import * as vscode from "vscode";
import { Carried } from "./carried";
import { messages, type Part, ThinkingPart, tools } from "./chatMessages";
import { callsOf, cutOff, failure, isChat, silence } from "./chatErrors";
import { chosenEffort, type Information, information } from "./chatInformation";
import { LastList } from "./lastList";
import { otherServers } from "./profiles";
import { type CompleteParams, type Delta, Method, type Part as ContentPart, type Usage } from "./protocol";
import type { Server } from "./server";
import type { Session } from "./session";
import { isUnlocked } from "./unlock";
import { markdown, plain } from "./words";

/** Added to the options by the host: the choices of the model's own menu, and the id of the extension that asks. */
type Options = vscode.ProvideLanguageModelChatResponseOptions & {
  modelConfiguration?: Record<string, unknown>;
  requestInitiator?: string;
};

/** `configuration` is added by the host where a group of models was set up in its own list; ours come from one list. */
type ListOptions = { silent: boolean; configuration?: unknown };

/** `_conversationId` is the host's own. */
type ModelOptions = {
  temperature?: unknown;
  top_p?: unknown;
  max_tokens?: unknown;
  seed?: unknown;
  _conversationId?: unknown;
};

/** The host asks for counts by the dozen, so they are estimated here. */
const BYTES_A_TOKEN = 4;

/**
 * The host gathers parts for so long, in milliseconds, before it passes them on, and waits each time until they are
 * taken. So often it is waited for at most.
 */
const GATHERED = 30;
const MOST_PASSES = 100;

/** How long the status bar says something, in milliseconds. */
const TOLD_FOR = 10_000;

export class ChatModels implements vscode.LanguageModelChatProvider<Information>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeLanguageModelChatInformation = this.changed.event;
  private readonly carried = new Carried();
  private readonly last: LastList<Information>;

  constructor(
    private readonly extension: vscode.ExtensionContext,
    private readonly server: Server,
    private readonly session: Session,
  ) {
    this.last = new LastList(extension.globalStorageUri);
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
    const models = await this.list().catch((error: unknown) => failure(error, undefined));
    // Not silent is who adds models in VS Code's own list.
    const isLocked = !(models instanceof Error) && !isUnlocked(this.extension);
    if (!silent) void vscode.commands.executeCommand(isLocked ? "litellm.unlockChat" : "litellm.configure");
    // The list of models shows the sentence; nothing pops up.
    if (models instanceof Error) throw models;
    return models;
  }

  /** The models of the proxy; what it listed last where it can't be asked. */
  private async list(): Promise<Information[]> {
    const baseUrl = await this.session.address();
    try {
      const [{ models }, others] = await Promise.all([this.session.models(false, this.server.main), this.ofOthers()]);
      if (!models.length && !others.length) throw new Error(vscode.l10n.t("the proxy lists no models for this key"));
      const listed = [...models.map((model) => information(model)), ...others];
      void this.last.keep(baseUrl, listed).catch((error: unknown) => this.server.log.debug(String(error)));
      return listed;
    } catch (error) {
      const before = await this.last.of(baseUrl);
      if (before.length) return before;
      throw error;
    }
  }

  /** The models of the user's other servers. */
  private async ofOthers(): Promise<Information[]> {
    const others = await otherServers(this.server, this.server.main, () => this.changed.fire());
    return others.flatMap(({ profile, models }) => models.map((model) => information(model, profile)));
  }

  async provideLanguageModelChatResponse(
    model: Information,
    request: readonly vscode.LanguageModelChatRequestMessage[],
    options: Options,
    progress: vscode.Progress<vscode.LanguageModelResponsePart>,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const effort = chosenEffort(options.modelConfiguration);
    let parts = 0;
    const counted = { report: (part: Part) => ((parts += 1), progress.report(part)) };
    const report = reporter(counted);
    const params: CompleteParams = {
      model: model.model,
      ...profileOf(model.profile ?? this.server.main),
      messages: messages(request, this.carried),
      ...tools(options),
      ...(effort !== undefined && { reasoningEffort: effort }),
      ...modelOptions(options.modelOptions),
    };
    try {
      const result = await this.server.stream(Method.complete, params, report, token);
      const { message } = result;
      this.carried.keep(message);
      for (const call of callsOf(result)) {
        counted.report(new vscode.LanguageModelToolCallPart(call.id, call.name, object(call.arguments)));
      }
      if (message.refusal) counted.report(new vscode.LanguageModelTextPart(message.refusal));
      for (const image of message.images ?? []) counted.report(imagePart(image));
      if (result.usage) counted.report(usagePart(result.usage));
      if (!message.text && !message.toolCalls?.length && !message.refusal && !message.images?.length)
        throw silence(result);
      // Who sets a limit expects to reach it.
      const why = params.maxTokens === undefined ? cutOff(result) : undefined;
      if (why !== undefined) tellCutOff(model.name, why, isChat(options.requestInitiator) ? counted : undefined);
    } catch (error) {
      if (token.isCancellationRequested) throw new vscode.CancellationError();
      await passedOn(parts);
      throw failure(error, options.requestInitiator);
    }
  }

  async provideTokenCount(_model: Information, text: string | vscode.LanguageModelChatRequestMessage): Promise<number> {
    const said = typeof text === "string" ? text : JSON.stringify(messages([text], this.carried));
    return Math.ceil(Buffer.byteLength(said) / BYTES_A_TOKEN);
  }
}

/** The server to ask, whichever is in use just now: a model of the list stays the same model. */
function profileOf(profile: string | undefined): Partial<CompleteParams> {
  return profile === undefined ? {} : { profile };
}

/** Waits until the host has passed on what was reported: what it still holds when an answer fails it drops (VS Code 1.139). */
async function passedOn(parts: number): Promise<void> {
  if (!parts) return;
  await new Promise((resolve) => setTimeout(resolve, 2 * GATHERED));
  // Each goes the same way there and back, and so comes behind one more of its passes.
  for (let passes = Math.min(parts, MOST_PASSES); passes >= 0; passes -= 1) {
    await vscode.commands.executeCommand("setContext", "litellm.passes", passes);
  }
}

/** What the chat and other extensions may set of a request. */
function modelOptions(options: ModelOptions | undefined): Partial<CompleteParams> {
  const { temperature, top_p: topP, max_tokens: maxTokens, seed, _conversationId: conversation } = options ?? {};
  const numbers = Object.entries({ temperature, topP, maxTokens, seed }).filter(
    ([, value]) => typeof value === "number",
  );
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

/**
 * Says that an answer is not whole. The chat shows what was thought as a line of its own, which belongs neither to the
 * answer's text nor to the next question.
 */
function tellCutOff(model: string, why: string, chat: vscode.Progress<Part> | undefined): void {
  const goOn = vscode.l10n.t("Ask it to go on.");
  if (chat && ThinkingPart) chat.report(new ThinkingPart(`**${markdown(why)}**\n\n${goOn}`, "cut-off"));
  else void vscode.window.setStatusBarMessage(`LiteLLM: ${plain(model)}: ${why}`, TOLD_FOR);
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
