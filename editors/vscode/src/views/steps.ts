/** The checks of a status as the steps that the set-up page shows. */

import { l10n } from "vscode";
import type { Check, CheckName, Outcome, StatusResult } from "../protocol";
import { plain } from "../words";
import type { Step, StepName } from "./setupMessages";

const CHECKS: Record<StepName, CheckName[]> = {
  address: ["settings"],
  connection: ["dns", "connect"],
  tls: ["tls"],
  server: ["reachable", "server"],
  key: ["key"],
  models: ["models"],
};

const WORST: Check["outcome"][] = ["failed", "warning", "ok", "skipped"];

export const STEPS = Object.keys(CHECKS) as StepName[];

/** Each step with the worst of its checks; those behind a failure wait. */
export function steps({ checks }: StatusResult): Step[] {
  let failed = false;
  return STEPS.map((name) => {
    const own = checks.filter((check) => CHECKS[name].includes(check.name));
    const worst =
      WORST.map((outcome) => own.filter((check) => check.outcome === outcome).at(-1)).find(Boolean) ?? own.at(-1);
    if (failed || !worst) return { name, outcome: "waiting", message: "" };
    failed = worst.outcome === "failed";
    const outcome = shownAs(worst.outcome);
    const remedy = remedyOf(worst);
    // That an address can be read needs no words.
    const message = name === "address" && outcome === "ok" ? "" : plain(worst.message);
    return { name, outcome, message, ...(remedy && { remedy: plain(remedy) }) };
  });
}

/** How an outcome is shown; one of a newer server is a warning. */
function shownAs(outcome: Outcome): Step["outcome"] {
  switch (outcome) {
    case "ok":
      return "ok";
    case "failed":
      return "failed";
    case "skipped":
      return "none";
    default:
      return "warning";
  }
}

/** What to do on a page that has fields for it; the server's own words name settings. */
function remedyOf({ outcome, kind, remedy }: Check): string | undefined {
  if (outcome !== "failed") return remedy;
  switch (kind) {
    case "unauthorized":
      return l10n.t("Give another key, or ask whoever runs the proxy for one.");
    case "unreachable":
      return l10n.t("Start the proxy, or correct the address; on another host a firewall may be in the way.");
    case "badResponse":
      return l10n.t(
        "Correct the address: it must lead to a LiteLLM proxy, not to a web page or a login in front of it.",
      );
    default:
      return remedy;
  }
}

/** The same for an address alone: what a server says to one without a key is no failure. */
export function stepsWithoutKey(status: StatusResult, missing: string): Step[] {
  const all = steps(status);
  const needsKey = all.some(({ name, outcome }) => name === "key" && outcome === "failed");
  if (!needsKey) return all;
  return all.map((step) =>
    step.name === "key"
      ? { name: step.name, outcome: "waiting", message: missing }
      : step.name === "models"
        ? { name: step.name, outcome: "waiting", message: "" }
        : step,
  );
}

/** The steps of settings that can't be settings. */
export function refused(name: "address" | "key", message: string): Step[] {
  return STEPS.map((step) => {
    if (step === name) return { name: step, outcome: "failed", message: plain(message) };
    return { name: step, outcome: step === "address" ? "ok" : "waiting", message: "" };
  });
}

/** Whether models can be asked: any web server answers, only a proxy lists models. */
export function works(steps: Step[], { modelCount = 0 }: StatusResult): boolean {
  return modelCount > 0 && steps.every(({ outcome }) => outcome !== "failed" && outcome !== "waiting");
}
