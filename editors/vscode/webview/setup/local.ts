/** For who has no proxy yet: one on this machine. */

import type { FromSetup } from "../../src/views/setupMessages";
import { h, set } from "../shared/dom";
import { text } from "../shared/host";

type Way = "startDemo" | "writeConfig" | "serveConfig";

export function local(tell: (message: FromSetup) => void) {
  const progress = h("p", { role: "status", class: "progress" });
  const stop = h(
    "button",
    { type: "button", class: "secondary", hidden: true, click: () => tell({ type: "stopStart" }) },
    text("stop"),
  );
  const starts: HTMLButtonElement[] = [];

  function button(name: string, type: Way): HTMLButtonElement {
    const made = h("button", { type: "button", class: "secondary", click: () => tell({ type }) }, text(name));
    if (type !== "writeConfig") starts.push(made);
    return made;
  }

  const element = h(
    "section",
    { "aria-label": text("noProxy") },
    h("h2", {}, text("noProxy")),
    h(
      "div",
      { class: "columns" },
      h(
        "div",
        { class: "card" },
        h("h3", {}, text("demo")),
        h("p", {}, text("demoText")),
        h("div", { class: "buttons" }, button("demoStart", "startDemo")),
      ),
      h(
        "div",
        { class: "card" },
        h("h3", {}, text("config")),
        h("p", {}, text("configText")),
        h("div", { class: "buttons" }, button("configWrite", "writeConfig"), button("configServe", "serveConfig")),
      ),
    ),
    h("div", { class: "buttons" }, progress, stop),
  );

  return {
    element,
    show(state: "running" | "failed" | "stopped" | "started", message: string): void {
      const running = state === "running";
      progress.textContent = message;
      progress.className = `progress ${state}`;
      set(stop, { hidden: !running });
      for (const start of starts) start.disabled = running;
    },
  };
}
