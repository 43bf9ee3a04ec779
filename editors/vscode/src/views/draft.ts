/** Tries an address and a key beside those in use: nothing is kept, and nobody else is disturbed. */

import * as vscode from "vscode";
import { storedKey } from "../keys";
import { type ConfigureParams, type ConfigureResult, Method } from "../protocol";
import { DRAFT, type Server, ServerError } from "../server";
import { initializationOptions } from "../settings";
import { plain } from "../words";
import type { Draft, KeyWay, Step } from "./setupMessages";
import { refused, steps, stepsWithoutKey, works } from "./steps";

/** How far a draft comes. */
export interface Tried {
  /** The address with its scheme, as the server reads it. */
  baseUrl: string;
  steps: Step[];
  works: boolean;
  /** False where it can't be settings at all. */
  canBeKept: boolean;
  models: number;
}

/** What an address may have that holds a secret: a password or a query. */
const PERHAPS_SECRET = /[@?]/;

const REFERENCES: KeyWay[] = ["env", "file", "cmd", "keyring"];

/** How a key is written in the settings; undefined for one that is not written there. */
export function reference({ way, value }: Draft): string | undefined {
  return REFERENCES.includes(way) ? `${way}:${value.trim()}` : undefined;
}

/** The form as the settings fill it. */
export function asSetUp({ settings }: ConfigureResult): { draft: Draft; kept?: string } {
  const baseUrl = settings.baseUrl.value;
  const { present, origin = "", hint } = settings.apiKey;
  if (!present) return { draft: { baseUrl, way: "literal", value: "" } };
  const [, way, value] = /^(env|file|cmd|keyring):(.*)$/s.exec(origin) ?? [];
  if (way && value) return { draft: { baseUrl, way: way as KeyWay, value } };
  return { draft: { baseUrl, way: "kept", value: "" }, kept: hint ?? "…" };
}

export class Drafts implements vscode.Disposable {
  private trying = new vscode.CancellationTokenSource();

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly server: Server,
  ) {}

  /** An address without its key, which must not go to a host that is half typed. */
  async look(baseUrl: string): Promise<Tried | undefined> {
    return secretIn(baseUrl) ?? this.send({ baseUrl, apiKey: null }, true);
  }

  /** An address with its key. */
  async try(draft: Draft): Promise<Tried | undefined> {
    const refused = secretIn(draft.baseUrl);
    if (refused) return refused;
    if (draft.way === "kept") return this.tryKept(draft.baseUrl);
    if (draft.way !== "none" && !draft.value.trim()) {
      return refusal("key", vscode.l10n.t("Give the key, or say where it is."));
    }
    const literal = draft.way === "literal" ? draft.value.trim() : null;
    return this.send({ baseUrl: draft.baseUrl, apiKey: reference(draft) ?? literal }, false);
  }

  /** The key in use may be one that only the server knows. It goes nowhere but to its own host. */
  private async tryKept(typed: string): Promise<Tried | undefined> {
    const address = await this.send({ baseUrl: typed, apiKey: null, verify: false }, true);
    if (!address?.canBeKept) return address;
    const { baseUrl } = address;
    const { settings } = await this.server.request(Method.configure, { verify: false });
    if (!sameOrigin(settings.baseUrl.value, baseUrl)) {
      return refusal(
        "key",
        vscode.l10n.t("The key in use belongs to {0}: give the key of this proxy.", plain(settings.baseUrl.value)),
      );
    }
    const apiKey = (await storedKey(this.context, baseUrl)) ?? initializationOptions().apiKey;
    if (apiKey) return this.send({ baseUrl, apiKey }, false);
    const status = await this.server.request(Method.status, {}, this.renew());
    const all = steps(status);
    return { baseUrl, steps: all, works: works(all, status), canBeKept: true, models: status.modelCount ?? 0 };
  }

  private async send(params: ConfigureParams, withoutKey: boolean, again = true): Promise<Tried | undefined> {
    const { auth, tls, proxyUrl, compatibility } = initializationOptions();
    const others = Object.fromEntries(
      Object.entries({ auth, tls, proxyUrl, compatibility }).filter(([, value]) => value),
    );
    const draft = { verify: true, ...others, ...params, profile: DRAFT, activate: false };
    const token = this.renew();
    try {
      const { settings, status } = await this.server.request(Method.configure, draft, token);
      const all = status
        ? withoutKey
          ? stepsWithoutKey(status, vscode.l10n.t("The proxy wants a key."))
          : steps(status)
        : [];
      return {
        baseUrl: settings.baseUrl.value,
        steps: all,
        works: status !== undefined && works(all, status),
        canBeKept: true,
        models: status?.modelCount ?? 0,
      };
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      // A server that starts again, such as for settings just saved, leaves what it was asked: the next one is asked.
      const problem = (error as Partial<ServerError>).data?.problems?.[0];
      if (again && !problem) return this.send(params, withoutKey, false);
      if (!(error instanceof ServerError)) throw error;
      const message = problem
        ? vscode.l10n.t("{0}: {1}", plain(problem.reason), plain(problem.remedy))
        : error.sentence;
      return refusal(problem?.path === "apiKey" ? "key" : "address", message);
    }
  }

  /** Ends what is being tried: only the newest draft counts. */
  private renew(): vscode.CancellationToken {
    this.trying.cancel();
    this.trying = new vscode.CancellationTokenSource();
    return this.trying.token;
  }

  dispose(): void {
    this.trying.cancel();
    void this.server.request(Method.removeProfile, { profile: DRAFT }).catch(() => undefined);
  }
}

/** Why an address is not tried, where it may hold a secret: it would stand in the settings for all to see. */
function secretIn(baseUrl: string): Tried | undefined {
  if (!PERHAPS_SECRET.test(baseUrl)) return undefined;
  return refusal(
    "address",
    vscode.l10n.t(
      "Leave password and query out of the address, which is kept in settings.json: give the key by itself.",
    ),
  );
}

/** What can't be settings. */
function refusal(name: "address" | "key", message: string): Tried {
  return { baseUrl: "", steps: refused(name, message), works: false, canBeKept: false, models: 0 };
}

function sameOrigin(one: string, other: string): boolean {
  try {
    return new URL(one).origin === new URL(other).origin;
  } catch {
    return one === other;
  }
}
