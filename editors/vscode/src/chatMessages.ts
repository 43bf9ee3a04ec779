/** Turns the host's messages and tools into those of the protocol. */

import * as vscode from "vscode";
import { type Carried, callKey } from "./carried";
import type { CompleteParams, Message, Part as ContentPart, Role, ToolCall } from "./protocol";

export type Part = vscode.LanguageModelResponsePart;

/** A step of reasoning: part of the host at run time, without a type of its own yet. */
interface Thinking {
  value: string | string[];
}

export const ThinkingPart = (vscode as unknown as Record<string, unknown>)["LanguageModelThinkingPart"] as
  | (new (
      text: string,
      id?: string,
    ) => vscode.LanguageModelResponsePart & Thinking)
  | undefined;

/** Kinds of data that the host keeps for itself. */
const BOOKKEEPING = ["cache_control", "context_management", "stateful_marker", "usage"];

/** Formats of sounds that models take. */
const AUDIO: Record<string, string> = {
  "audio/mpeg": "mp3",
  "audio/mp3": "mp3",
  "audio/wav": "wav",
  "audio/x-wav": "wav",
};

/** One message of the host may hold text, images, calls and their results: results become messages of their own. */
export function messages(request: readonly vscode.LanguageModelChatRequestMessage[], carried: Carried): Message[] {
  return request.flatMap(({ role, content }) => {
    const parts: ContentPart[] = [];
    const toolCalls: ToolCall[] = [];
    const results: Message[] = [];
    let reasoning = "";
    for (const part of content) {
      if (part instanceof vscode.LanguageModelToolCallPart) {
        toolCalls.push({ id: part.callId, name: part.name, arguments: JSON.stringify(part.input) });
      } else if (part instanceof vscode.LanguageModelToolResultPart) {
        const said = only(part.content.flatMap(contentPart));
        results.push({ role: "tool", toolCallId: part.callId, content: said ?? "" });
      } else if (ThinkingPart && part instanceof ThinkingPart) {
        reasoning += [part.value].flat().join("");
      } else {
        parts.push(...contentPart(part));
      }
    }
    const said = only(parts);
    const message: Message = {
      role: roleOf(role),
      ...(said !== undefined && { content: said }),
      ...(toolCalls.length && { toolCalls, ...(reasoning && { reasoning }), ...goingBack(toolCalls, carried) }),
    };
    return [...results, ...(said !== undefined || toolCalls.length ? [message] : [])];
  });
}

/** What the provider wants back with these calls, where this window has it still. */
function goingBack(toolCalls: ToolCall[], carried: Carried): Partial<Message> {
  const before = toolCalls[0] && carried.of(toolCalls[0]);
  if (!before) return {};
  const { reasoning, reasoningBlocks, providerFields } = before;
  return {
    ...(reasoning !== undefined && { reasoning }),
    ...(reasoningBlocks && { reasoningBlocks }),
    ...(providerFields !== undefined && { providerFields }),
    // The arguments to the letter, for a signature may cover them.
    toolCalls: toolCalls.map((call) => before.toolCalls?.find((made) => callKey(made) === callKey(call)) ?? call),
  };
}

function roleOf(role: vscode.LanguageModelChatMessageRole): Role {
  switch (role) {
    case vscode.LanguageModelChatMessageRole.Assistant:
      return "assistant";
    case vscode.LanguageModelChatMessageRole.User:
      return "user";
    default:
      // The host has a third role at run time.
      return "system";
  }
}

/** A text where there is nothing but text. */
function only(parts: ContentPart[]): string | ContentPart[] | undefined {
  if (!parts.length) return undefined;
  return parts.every((part) => part.type === "text") ? parts.map(({ text }) => text).join("\n") : parts;
}

/** What of a message or of a tool's result a model can read. */
function contentPart(part: unknown): ContentPart[] {
  if (part instanceof vscode.LanguageModelTextPart) return [{ type: "text", text: part.value }];
  if (part instanceof vscode.LanguageModelDataPart) return data(part);
  return [{ type: "text", text: typeof part === "string" ? part : (JSON.stringify(part) ?? "") }];
}

function data({ data: bytes, mimeType }: vscode.LanguageModelDataPart): ContentPart[] {
  if (BOOKKEEPING.includes(mimeType)) return [];
  const base64 = () => Buffer.from(bytes).toString("base64");
  if (/^text\/|[/+](json|xml|yaml|javascript)\b/.test(mimeType))
    return [{ type: "text", text: Buffer.from(bytes).toString("utf8") }];
  if (mimeType.startsWith("image/")) return [{ type: "image", data: base64(), mimeType }];
  const format = AUDIO[mimeType];
  if (format) return [{ type: "audio", data: base64(), format }];
  if (mimeType === "application/pdf") return [{ type: "document", data: base64(), mimeType }];
  // Bytes read as text would only confuse the model.
  return [{ type: "text", text: `[${bytes.length} bytes of ${mimeType}, which can't be sent to a model]` }];
}

/** The tools that a request offers. */
export function tools(options: vscode.ProvideLanguageModelChatResponseOptions): Partial<CompleteParams> {
  if (!options.tools?.length) return {};
  return {
    tools: options.tools.map(({ name, description, inputSchema }) => ({
      name,
      description,
      ...(inputSchema && { parameters: inputSchema }),
    })),
    toolChoice: options.toolMode === vscode.LanguageModelChatToolMode.Required ? "required" : "auto",
  };
}
