/** The chain from the address to the models, the step that fails opened with its remedy. */

import type { Step } from "../../src/views/setupMessages";
import { h, icon } from "../shared/dom";
import { text } from "../shared/host";

const TITLES: Record<Step["name"], string> = {
  address: "stepAddress",
  connection: "stepConnection",
  tls: "stepTls",
  server: "stepServer",
  key: "stepKey",
  models: "stepModels",
};

const OUTCOMES: Record<Step["outcome"], string> = {
  ok: "outcomeOk",
  warning: "outcomeWarning",
  failed: "outcomeFailed",
  waiting: "outcomeWaiting",
  none: "outcomeNone",
};

/** What is read out of a chain: what fails, else the first warning; nothing while a step is not tried. */
export function readOut(steps: Step[]): string {
  const [failed, warned] = (["failed", "warning"] as const).map((worst) =>
    steps.find(({ outcome }) => outcome === worst),
  );
  const told = failed ?? warned;
  if (!failed && steps.some(({ outcome }) => outcome === "waiting")) return "";
  if (!told) return text("allFine");
  const said = [told.message, told.remedy ?? ""].filter(Boolean).join(". ");
  return text(failed ? "failedAt" : "warnedAt", text(TITLES[told.name]), said);
}

export function chain() {
  const list = h("ol", { class: "chain" });
  // Read out once a check has ended, not step by step.
  const summary = h("p", { role: "status", class: "unseen" });
  const element = h("div", {}, h("h2", {}, text("chain")), list, summary);
  show(Object.keys(TITLES).map((name) => ({ name: name as Step["name"], outcome: "waiting", message: "" })));

  function row({ name, outcome, message, remedy }: Step): HTMLLIElement {
    return h(
      "li",
      { class: `step ${outcome}` },
      icon(outcome),
      h(
        "div",
        {},
        h("strong", {}, text(TITLES[name])),
        h("span", { class: "unseen" }, ` ${text(OUTCOMES[outcome])}`),
        message !== "" && h("p", {}, message),
        remedy !== undefined && h("p", { class: "remedy" }, remedy),
      ),
    );
  }

  function show(steps: Step[]): void {
    list.replaceChildren(...steps.map(row));
    list.removeAttribute("aria-busy");
    summary.textContent = readOut(steps);
  }

  return {
    element,
    show,
    stopped(): void {
      list.removeAttribute("aria-busy");
      summary.textContent = "";
    },
    checking(): void {
      list.setAttribute("aria-busy", "true");
      summary.textContent = text("checking");
    },
  };
}
