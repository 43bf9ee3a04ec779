/** Turns the host's messages and tools into those of the protocol. */

import * as vscode from "vscode";
import type { CompleteParams, Message, Part as ContentPart, Role, ToolCall } from "./protocol";

export type Part = vscode.LanguageModelResponsePart;

/** One message of the host may hold text, images, calls and their results: results become messages of their own. */
export function messages(request: readonly vscode.LanguageModelChatRequestMessage[]): Message[] {
  return request.flatMap(({ role, content }) => {
    const parts: ContentPart[] = [];
    const toolCalls: ToolCall[] = [];
    const results: Message[] = [];
    for (const part of content) {
      if (part instanceof vscode.LanguageModelTextPart) {
        parts.push({ type: "text", text: part.value });
      } else if (part instanceof vscode.LanguageModelToolCallPart) {
        toolCalls.push({ id: part.callId, name: part.name, arguments: JSON.stringify(part.input) });
      } else if (part instanceof vscode.LanguageModelToolResultPart) {
        results.push({ role: "tool", toolCallId: part.callId, content: part.content.map(plain).join("\n") });
      } else if (part instanceof vscode.LanguageModelDataPart) {
        parts.push(data(part));
      }
    }
    const message: Message = { role: roleOf(role), ...(toolCalls.length && { toolCalls }) };
    const said = only(parts);
    if (said !== undefined) message.content = said;
    return [...results, ...(said !== undefined || toolCalls.length ? [message] : [])];
  });
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

function data(part: vscode.LanguageModelDataPart): ContentPart {
  const base64 = () => Buffer.from(part.data).toString("base64");
  if (part.mimeType.startsWith("image/")) return { type: "image", data: base64(), mimeType: part.mimeType };
  if (part.mimeType === "application/pdf") return { type: "document", data: base64(), mimeType: part.mimeType };
  return { type: "text", text: Buffer.from(part.data).toString("utf8") };
}

function plain(part: unknown): string {
  if (part instanceof vscode.LanguageModelTextPart) return part.value;
  if (part instanceof vscode.LanguageModelDataPart) return Buffer.from(part.data).toString("utf8");
  return JSON.stringify(part);
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
