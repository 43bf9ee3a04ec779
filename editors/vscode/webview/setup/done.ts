/** The end of a set-up: what there is now, and what to do with it. */

import type { FromSetup, ToSetup } from "../../src/views/setupMessages";
import { h, set } from "../shared/dom";
import { text } from "../shared/host";

type Saved = Extract<ToSetup, { type: "saved" }>;

export function done(tell: (message: FromSetup) => void) {
  const element = h("div", { class: "done", hidden: true, tabindex: "-1" });

  function next(name: string, type: "askInChat" | "askInFile" | "compare", primary = false): HTMLButtonElement {
    return h("button", { type: "button", class: primary ? "" : "secondary", click: () => tell({ type }) }, text(name));
  }

  return {
    element,
    show({ baseUrl, models, works }: Saved): void {
      const count = models === 1 ? text("readyOne") : text("ready", models);
      element.className = works ? "done" : "done broken";
      element.replaceChildren(
        works ? h("h2", {}, text("readyAt", count, baseUrl)) : h("p", {}, text("keptBroken", baseUrl)),
        ...(works
          ? [
              h(
                "div",
                { class: "buttons" },
                next("askInChat", "askInChat", true),
                next("askInFile", "askInFile"),
                next("compare", "compare"),
              ),
            ]
          : []),
      );
      set(element, { hidden: false });
      element.focus();
    },
    hide(): void {
      set(element, { hidden: true });
    },
  };
}
