/** The form: an address, where the key comes from, and the key. */

import type { Draft, KeyWay, Step } from "../../src/views/setupMessages";
import { h, set } from "../shared/dom";
import { text } from "../shared/host";

const WAYS: KeyWay[] = ["literal", "env", "file", "cmd", "keyring", "none"];

export interface Listener {
  onAddress(baseUrl: string): void;
  onKey(): void;
  onSave(draft: Draft, anyway: boolean): void;
}

export function form({ onAddress, onKey, onSave }: Listener) {
  /** What was typed for each way, so that a look at another loses nothing. */
  const typed = new Map<KeyWay, string>();
  let shown: KeyWay = "literal";
  /** Whether `none` was chosen because the proxy at this address wants no key; another one may. */
  let keyless = false;

  const address = h("input", {
    ...{ id: "address", type: "text", inputmode: "url", spellcheck: "false", autocomplete: "off", required: true },
    ...{ placeholder: "http://localhost:4000", "aria-describedby": "address-hint address-error" },
    input: () => {
      if (keyless) choose("literal", false);
      onAddress(address.value);
    },
  });
  const addressError = h("p", { id: "address-error", class: "error" });
  const ways = h("select", { id: "way", change: () => choose(ways.value as KeyWay) });
  const label = h("label", { for: "value" });
  const value = h("input", {
    ...{ id: "value", spellcheck: "false", autocomplete: "off", "aria-describedby": "value-hint value-error" },
    input: () => {
      typed.set(shown, value.value);
      onKey();
    },
  });
  const eye = h("button", { type: "button", class: "secondary", click: () => reveal(value.type === "password") });
  const hint = h("p", { id: "value-hint", class: "hint" });
  const valueError = h("p", { id: "value-error", class: "error" });
  const valueField = h(
    "div",
    { class: "field" },
    label,
    h("div", { class: "with-button" }, value, eye),
    hint,
    valueError,
  );
  const save = h("button", { type: "submit" }, text("save"));
  const anyway = h(
    "button",
    { type: "button", class: "secondary", hidden: true, click: () => onSave(draft(), true) },
    text("saveAnyway"),
  );

  const element = h(
    "form",
    {
      novalidate: true,
      submit: (event) => {
        event.preventDefault();
        onSave(draft(), false);
      },
    },
    h(
      "div",
      { class: "field" },
      h("label", { for: "address" }, text("address")),
      address,
      h("p", { id: "address-hint", class: "hint" }, text("addressHint")),
      addressError,
    ),
    h("div", { class: "field" }, h("label", { for: "way" }, text("keyFrom")), ways),
    valueField,
    h("div", { class: "buttons" }, save, anyway),
  );

  function offer(kept: string | undefined): void {
    const all = kept === undefined ? WAYS : ["kept" as const, ...WAYS];
    ways.replaceChildren(...all.map((name) => h("option", { value: name }, text(name, kept ?? ""))));
  }

  function draft(): Draft {
    return { baseUrl: address.value, way: shown, value: value.hidden ? "" : value.value };
  }

  function reveal(visible: boolean): void {
    value.type = visible ? "text" : "password";
    eye.textContent = text(visible ? "hideKey" : "showKey");
  }

  function choose(way: KeyWay, byUser = true): void {
    shown = way;
    keyless = false;
    ways.value = way;
    const asks = way !== "none" && way !== "kept";
    set(value, { hidden: !asks });
    set(label, { hidden: !asks });
    set(eye, { hidden: way !== "literal" });
    reveal(way !== "literal");
    label.textContent = text(`${way}Label`);
    hint.textContent = text(`${way}Hint`);
    value.value = typed.get(way) ?? "";
    valueError.textContent = "";
    if (byUser) onKey();
  }

  return {
    element,
    /** Fills in what holds now. False where somebody began to type before it was known: that stays. */
    fill({ baseUrl, way, value: reference }: Draft, kept: string | undefined): boolean {
      const isBegun = address.value !== "" || value.value !== "";
      offer(kept);
      if (!typed.get("env")) typed.set("env", "LITELLM_API_KEY");
      ways.value = shown;
      if (isBegun) return false;
      address.value = baseUrl;
      typed.set(way, reference);
      choose(way, false);
      address.focus();
      address.select();
      return true;
    },
    /** The proxy takes requests without a key, so none is asked for unless one was given. */
    needsNoKey(): void {
      if (shown !== "literal" || value.value !== "") return;
      choose("none", false);
      keyless = true;
    },
    busy(is: boolean): void {
      set(save, { "aria-disabled": is && "true" });
      save.textContent = text(is ? "checking" : "save");
    },
    /** Puts what is wrong beside the field that is to be mended. */
    mark(failed: Step | undefined): void {
      const wrong = (name: Step["name"]) => (failed?.name === name ? failed.message : "");
      addressError.textContent = wrong("address");
      valueError.textContent = wrong("key");
      set(address, { "aria-invalid": wrong("address") !== "" && "true" });
      set(value, { "aria-invalid": wrong("key") !== "" && "true" });
      set(anyway, { hidden: true });
    },
    offerAnyway(is: boolean): void {
      set(anyway, { hidden: !is });
    },
    /** What holds now; a key that was typed is where it stays, and the page has no more use for it. */
    saved({ baseUrl, way, value: reference }: Draft, kept: string | undefined): void {
      address.value = baseUrl;
      if (way === "literal") return;
      typed.delete("literal");
      typed.set(way, reference);
      offer(kept);
      choose(way, false);
    },
  };
}
