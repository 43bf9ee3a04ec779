/** A model as the host's lists and menus have it. */

import * as vscode from "vscode";
import type { Model } from "./protocol";
import { said } from "./serverWords";
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

/** What is given to the host comes back with each request, ours too. */
interface OwnFields {
  model: string;
  /** Where it is not the profile in use. */
  profile?: string;
}

export type Information = vscode.LanguageModelChatInformation & HostFields & OwnFields;

/** The window of a model of which nobody knows it: the host wants a number, and cuts what it sends to that. */
const UNKNOWN_WINDOW = 128_000;

/** Where neither the proxy nor the model says how much an answer may take of the window. */
const OUTPUT_SHARE = 0.25;

/** What the host calls the family of a model. */
export function family({ provider }: Model): string {
  return provider ?? "litellm";
}

/** What the host calls a model: two servers may have the same. */
export function chatId({ id }: Model, profile?: string): string {
  return profile === undefined ? id : `${id}@${profile}`;
}

/** A model as the host has it. That of another server has the server's name with its own: two may have the same. */
export function information(model: Model, profile?: string): Information {
  const { summary } = model;
  const window = model.contextWindow ?? UNKNOWN_WINDOW;
  const output = Math.min(model.maxTokens ?? Math.floor(window * OUTPUT_SHARE), window);
  const contextWindow = reported(model, "contextWindow");
  return {
    id: chatId(model, profile),
    model: model.id,
    ...(profile !== undefined && { profile }),
    name: label(model.id),
    family: family(model),
    version: "1",
    detail: label(profile ?? (summary.vendor === "other" ? (model.provider ?? "") : summary.vendor)),
    tooltip: [model.id, summary.line, model.description ?? ""].filter(Boolean).map(markdown).join("\n\n"),
    maxInputTokens: Math.max(window - output, 1),
    maxOutputTokens: Math.max(output, 1),
    capabilities: { toolCalling: model.supportsTools ?? false, imageInput: model.supportsImages ?? false },
    isUserSelectable: true,
    isBYOK: true,
    ...(summary.price !== "unknown" && { pricing: said(summary.price) }),
    ...(contextWindow !== undefined && { maxContextWindowTokens: contextWindow }),
    ...(summary.notice !== undefined && { warningText: { retires: plain(summary.notice) } }),
    ...(model.reasoningEfforts?.length && { configurationSchema: efforts(model.reasoningEfforts) }),
  };
}

/** What stands for no choice: the model decides. */
const UNCHOSEN = "default";

/** The menu beside the model's name that chooses how hard it thinks. */
function efforts(levels: string[]): object {
  return {
    properties: {
      reasoningEffort: {
        type: "string",
        title: vscode.l10n.t("Thinking Effort"),
        enum: [UNCHOSEN, ...levels],
        enumItemLabels: [
          vscode.l10n.t("Auto"),
          ...levels.map((level) => label(level.charAt(0).toUpperCase() + level.slice(1))),
        ],
        default: UNCHOSEN,
        group: "navigation",
      },
    },
  };
}

/** What was chosen in that menu. */
export function chosenEffort(configuration: Record<string, unknown> | undefined): string | undefined {
  const effort = configuration?.["reasoningEffort"];
  return typeof effort === "string" && effort !== UNCHOSEN ? effort : undefined;
}
