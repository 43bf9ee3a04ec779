/** The picker's rows change while somebody is choosing: a row is always there to be taken, and nobody is moved. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundled.mjs";

const { chooseModel, QuickPickItemKind, window } = await load("commands/pickModel.ts");

const model = (id) => ({ id, summary: { vendor: "openai", line: "200k context", abilities: [] } });
const OWN = ["one", "two", "three"].map(model);
const THEIRS = [model("work-model")];
const until = async (ready) => {
  while (!ready()) await new Promise(setImmediate);
};

/** The list as VS Code shows it. What happens there is known to the extension only once it is `told`. */
class Shown {
  typed = "";
  focused = undefined;
  listeners = {};
  #items = [];
  #known = { value: "", activeItems: [] };

  constructor() {
    for (const name of ["TriggerButton", "TriggerItemButton", "Accept", "Hide"])
      this[`onDid${name}`] = (listener) => (this.listeners[name] = listener);
  }
  get left() {
    const rows = this.#items.filter(({ kind }) => kind !== QuickPickItemKind.Separator);
    return rows.filter(({ label, description = "" }) => `${label} ${description}`.includes(this.typed));
  }
  get items() {
    return this.#items;
  }
  set items(items) {
    this.#items = items;
    [this.focused] = this.left;
    this.told();
  }
  get value() {
    return this.#known.value;
  }
  get activeItems() {
    return this.#known.activeItems;
  }
  set activeItems(active) {
    this.focused = this.left.find((row) => active.includes(row));
    this.told();
  }
  type(text) {
    this.typed = text;
    [this.focused] = this.left;
  }
  go(id) {
    this.focused = this.left.find((row) => row.model.id === id);
  }
  told(what = ["value", "activeItems"]) {
    const now = { value: this.typed, activeItems: this.focused ? [this.focused] : [] };
    for (const name of what) this.#known[name] = now[name];
  }
  show() {}
  dispose() {}
}

/** What is done while the models of another server are on their way, and the row that Enter takes then. */
const TABLE = [
  ["nothing", () => undefined, "one"],
  ["gone to a row", (list) => (list.go("two"), list.told()), "two"],
  ["filtered", (list) => (list.type("th"), list.told()), "three"],
  ["filtered, and gone to a row", (list) => (list.type("t"), list.told(), list.go("three"), list.told()), "three"],
  ["filtered, which is not told yet", (list) => list.type("work"), "work-model"],
  [
    "filtered, which is told in part",
    (list) => (list.go("two"), list.told(), list.type("work"), list.told(["value"])),
    "work-model",
  ],
  ["filtered to nothing", (list) => (list.type("work"), list.told()), "work-model"],
];

for (const [what, act, taken] of TABLE) {
  test(`a row can be taken when more of them come: ${what}`, async () => {
    const list = new Shown();
    window.createQuickPick = () => list;
    let answer;
    const profiles = [{ name: "work", persisted: true, baseUrl: "https://llm.example.com" }];
    const server = {
      log: { debug: (error) => assert.fail(error) },
      request: (method) =>
        method === "provider/listProfiles"
          ? new Promise((resolve) => (answer = () => resolve({ profiles })))
          : Promise.resolve({ models: THEIRS, hiddenCount: 0 }),
    };
    const session = { inUseOf: async () => "", models: async () => ({ models: OWN, defaultModel: "one" }) };
    const chosen = chooseModel({ server, session });
    await until(() => answer && list.listeners.Accept);
    act(list);
    answer();
    await until(() => list.items.some(({ model }) => model?.id === "work-model"));
    assert.equal(list.focused?.model.id, taken);
    list.told();
    list.listeners.Accept();
    assert.equal((await chosen).model.id, taken);
  });
}
