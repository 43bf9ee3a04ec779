/** What the set-up page and the extension tell each other. A key goes to the extension only, never back. */

/** Where the key comes from. `kept` is the one in use, whatever holds it. */
export type KeyWay = "kept" | "literal" | "env" | "file" | "cmd" | "keyring" | "none";

/** What the page's form holds. */
export interface Draft {
  baseUrl: string;
  way: KeyWay;
  /** The key itself for `literal`, else what the reference names. */
  value: string;
}

export type StepName = "address" | "connection" | "tls" | "server" | "key" | "models";

/** One step of the way to the models. */
export interface Step {
  name: StepName;
  /** `waiting`: not tried, for something before it is missing. `none`: not needed. */
  outcome: "ok" | "warning" | "failed" | "waiting" | "none";
  message: string;
  remedy?: string;
}

export type ToSetup =
  /** What is set up now. The value of `way` `kept` and `literal` is never told, only what may be shown of the key. */
  | { type: "begin"; draft: Draft; kept?: string }
  /** How far a draft comes. `number` is that of the message which asked. */
  | { type: "checked"; number: number; steps: Step[]; works: boolean; canBeKept: boolean }
  | { type: "saved"; baseUrl: string; models: number; steps: Step[]; works: boolean; draft: Draft; kept?: string }
  /** What was asked for has ended without an answer. */
  | { type: "stopped" }
  /** How the start of a proxy goes. */
  | { type: "proxy"; state: "running" | "failed" | "stopped" | "started"; message: string };

export type FromSetup =
  | { type: "ready" }
  /** Looks at an address without any key, while it is typed. */
  | { type: "look"; number: number; baseUrl: string }
  /** Checks a draft with its key, and saves it where it works, or `anyway`. */
  | { type: "save"; number: number; draft: Draft; anyway: boolean }
  | { type: "startDemo" }
  | { type: "writeConfig" }
  | { type: "serveConfig" }
  | { type: "stopStart" }
  | { type: "askInChat" }
  | { type: "askInFile" }
  | { type: "compare" };
