/** The page of answers: each question with its answer, and a box to ask more. */

import type { FromAnswers, ShownTurn, ToAnswers } from "../src/answerMessages";
import { taken } from "./answer/markdown";
import { h } from "./shared/dom";
import { onMessage, post, text } from "./shared/host";

const say = (message: FromAnswers) => post(message);
const turns = h("div", { class: "turns" });
const box = h("textarea", { rows: "2", "aria-label": text("ask"), placeholder: text("placeholder") });
const hint = h("span", { class: "hint", role: "status" });
const form = h("form", { class: "more", submit }, hint, box, h("button", { type: "submit" }, text("ask")));

box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
});

function submit(event: Event): void {
  event.preventDefault();
  const asked = box.value.trim();
  if (!asked) return;
  // It would go on from half an answer.
  if (isComing()) {
    hint.textContent = text("wait");
    return;
  }
  box.value = "";
  say({ type: "ask", text: asked });
}

const sections = new Map<number, HTMLElement>();

function isComing(): boolean {
  return turns.lastElementChild?.getAttribute("aria-busy") === "true";
}

/** The question that was asked next, as far as it is shown: answers come in any order. */
function next(id: number): HTMLElement | null {
  const later = [...sections.keys()].filter((other) => other > id);
  return sections.get(Math.min(...later)) ?? null;
}

function show(turn: ShownTurn): void {
  const isAtEnd = window.innerHeight + window.scrollY >= document.body.scrollHeight - 40;
  const section = drawn(turn);
  const before = sections.get(turn.id);
  sections.set(turn.id, section);
  if (before) before.replaceWith(section);
  else turns.insertBefore(section, next(turn.id));
  if (!isComing()) hint.textContent = "";
  // Who has scrolled up to read stays there.
  if (!before) section.scrollIntoView();
  else if (isAtEnd && turn.state === "asking") window.scrollTo(0, document.body.scrollHeight);
}

function drawn({ id, title, html, note, state }: ShownTurn): HTMLElement {
  const body = h("div", { class: "answer" });
  body.append(taken(html, (link) => say({ type: "open", link })));
  for (const code of body.querySelectorAll("pre")) code.replaceWith(withCopy(code));
  const buttons =
    state === "asking"
      ? [button(text("stop"), () => say({ type: "stop", id }))]
      : [
          ...(html ? [copyButton(text("copyAll"), () => say({ type: "copyAll", id }))] : []),
          button(text("again"), () => say({ type: "again", id })),
        ];
  const foot = h(
    "div",
    { class: "buttons" },
    h("span", { class: state === "failed" ? "error" : "hint", role: "status" }, note),
    ...buttons,
  );
  return h(
    "section",
    { "aria-busy": state === "asking" && "true", "aria-label": title },
    h("h2", {}, title),
    body,
    foot,
  );
}

function withCopy(code: HTMLPreElement): HTMLElement {
  const box = h("div", { class: "codebox" });
  const copied = code.textContent ?? "";
  box.append(
    code.cloneNode(true),
    copyButton(text("copy"), () => say({ type: "copy", text: copied })),
  );
  return box;
}

function button(label: string, click: () => void): HTMLButtonElement {
  return h("button", { type: "button", class: "secondary", click }, label);
}

/** A button that says when it has copied. */
function copyButton(label: string, copy: () => void): HTMLButtonElement {
  const made = button(label, () => {
    copy();
    made.textContent = text("copied");
    setTimeout(() => (made.textContent = label), 1_500);
  });
  return made;
}

const page = document.getElementById("page");
page?.classList.add("answers");
page?.append(h("h1", { class: "unseen" }, text("title")), turns, form);
onMessage<ToAnswers>((message) => {
  if ("turns" in message) message.turns.forEach(show);
  // Beside what was typed meanwhile.
  else box.value = [message.draft, box.value].filter(Boolean).join("\n");
});
say({ type: "ready" });
