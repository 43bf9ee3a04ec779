/** The set-up page. A key stays in its input box: it is sent to the extension once it is to be tried, and stored nowhere here. */

import type { FromSetup, Step, ToSetup } from "../src/views/setupMessages";
import { chain } from "./setup/chain";
import { form } from "./setup/form";
import { local } from "./setup/local";
import { done } from "./setup/done";
import { h } from "./shared/dom";
import { onMessage, post, text } from "./shared/host";

/** How long the address must have paused before it is looked at, in milliseconds. */
const PAUSE = 600;

let number = 0;
/** The number of the newest look at an address without a key. */
let looked = -1;
let looking: ReturnType<typeof setTimeout> | undefined;
const tell = post<FromSetup>;

const fields = form({
  onAddress: (baseUrl) => {
    outdated();
    if (baseUrl.trim()) looking = setTimeout(() => look(baseUrl), PAUSE);
  },
  onKey: outdated,
  onSave: (draft, anyway) => {
    outdated();
    fields.busy(true);
    way.checking();
    tell({ type: "save", number, draft, anyway });
  },
});
const way = chain();
const success = done(tell);
const machine = local(tell);

function look(baseUrl: string): void {
  looked = number;
  tell({ type: "look", number, baseUrl });
}

/** What was typed since makes what was found out old; answers to it are not shown. */
function outdated(): void {
  clearTimeout(looking);
  number += 1;
  fields.busy(false);
  success.hide();
}

function found(steps: Step[], canBeKept: boolean): void {
  fields.busy(false);
  way.show(steps);
  const failed = steps.find(({ outcome }) => outcome === "failed");
  fields.mark(failed);
  fields.offerAnyway(failed !== undefined && canBeKept);
}

onMessage<ToSetup>((message) => {
  switch (message.type) {
    case "begin":
      if (fields.fill(message.draft, message.kept) && message.draft.baseUrl) look(message.draft.baseUrl);
      break;
    case "checked":
      if (message.number !== number) break;
      if (message.number === looked && message.works) fields.needsNoKey();
      found(message.steps, message.canBeKept && message.number !== looked);
      break;
    case "saved":
      found(message.steps, false);
      fields.saved(message.draft, message.kept);
      success.show(message);
      break;
    case "stopped":
      fields.busy(false);
      way.stopped();
      break;
    case "proxy":
      machine.show(message.state, message.message);
      break;
  }
});

document
  .getElementById("page")
  ?.append(
    h("h1", {}, text("title")),
    h("p", { class: "lead" }, text("intro")),
    h(
      "div",
      { class: "columns" },
      fields.element,
      h("section", { "aria-label": text("chain") }, success.element, way.element),
    ),
    machine.element,
  );
tell({ type: "ready" });
