/** Asks what shall be written at a place, and says before anything is sent which model is asked and what it costs. */

import * as vscode from "vscode";
import { type Choice, chooseModel } from "./commands/pickModel";
import type { World } from "./commands/world";
import { asks, look, type Question } from "./edit";
import type { Place, Tracked } from "./tracked";
import { fileName, lastLine, money, short, tokens } from "./words";

/** How long a pause in typing is before the price is looked up again, in milliseconds. */
const PAUSE = 300;

/** The words of the box about a place. */
type Words = (place: Place) => { title: string; placeholder: string };

/** For what is written into the text. */
export const toWrite: Words = ({ document, range }) => {
  const file = fileName(document.uri);
  const lines = lastLine(range) - range.start.line;
  if (range.isEmpty) {
    const title = vscode.l10n.t("LiteLLM: Write into {0}, Line {1}", file, range.start.line + 1);
    return { title, placeholder: vscode.l10n.t("What shall be written here?") };
  }
  const part = lines === 1 ? vscode.l10n.t("a part") : vscode.l10n.t("{0} lines", lines);
  const title = vscode.l10n.t("LiteLLM: Rewrite {0} of {1}", part, file);
  return { title, placeholder: vscode.l10n.t("What shall become of the selection?") };
};

/** The question; undefined where the user gave up. */
export async function askWhat(
  world: World,
  place: Tracked,
  words: Words,
  about: Question = {},
): Promise<Question | undefined> {
  let chosen: Choice | undefined;
  let instruction = "";
  for (;;) {
    const box = vscode.window.createInputBox();
    const say = () => {
      const { now } = place;
      if (now) Object.assign(box, words(now));
      else box.validationMessage = gone();
    };
    box.value = instruction;
    box.ignoreFocusOut = true;
    box.buttons = [{ iconPath: new vscode.ThemeIcon("settings"), tooltip: vscode.l10n.t("Ask Another Model") }];
    const question = () => ({ ...about, instruction: box.value, ...of(chosen) });
    const price = new Price(world, place, question, (text) => (box.prompt = text));
    say();
    // The user may go on in the text meanwhile.
    const moving = place.onDidMove(say);
    const end = await new Promise<"send" | "model" | undefined>((resolve) => {
      box.onDidChangeValue(() => price.look());
      box.onDidAccept(() => box.value.trim() && !place.isLost && resolve("send"));
      box.onDidTriggerButton(() => resolve("model"));
      box.onDidHide(() => resolve(undefined));
      box.show();
      price.look();
    });
    instruction = box.value;
    moving.dispose();
    price.dispose();
    box.dispose();
    if (end === undefined) return undefined;
    if (end === "send") return question();
    // Giving up there leaves the model as it was.
    chosen = (await chooseModel(world, chosen?.profile === undefined ? chosen?.model.id : undefined)) ?? chosen;
  }
}

/** What is said of a place that is lost. */
export function gone(): string {
  return vscode.l10n.t("The place that you meant is gone from the text: choose it again, and ask there.");
}

/** Whom to ask, where that is not the model in use. */
function of(chosen: Choice | undefined): Question {
  return chosen ? { model: chosen.model.id, ...(chosen.profile !== undefined && { profile: chosen.profile }) } : {};
}

/** What a question would cost, looked up while it is typed. */
class Price implements vscode.Disposable {
  private waiting: NodeJS.Timeout | undefined;
  private newest = 0;

  constructor(
    private readonly world: World,
    private readonly place: Tracked,
    private readonly question: () => Question,
    private readonly show: (text: string) => void,
  ) {}

  look(): void {
    clearTimeout(this.waiting);
    const number = (this.newest += 1);
    this.waiting = setTimeout(async () => {
      const text = await this.text().catch(() => "");
      if (number === this.newest) this.show(text);
    }, PAUSE);
  }

  private async text(): Promise<string> {
    const { now } = this.place;
    if (!now) return "";
    const asked = asks(now, this.question());
    const { model, estimatedInputTokens = 0, estimatedCost } = await look(this.world.server, asked);
    const amount =
      estimatedCost === undefined ? vscode.l10n.t("price unknown") : vscode.l10n.t("about {0}", money(estimatedCost));
    return `${short(model)} · ${vscode.l10n.t("{0} tokens", tokens(estimatedInputTokens))} · ${amount}`;
  }

  dispose(): void {
    clearTimeout(this.waiting);
    this.newest += 1;
  }
}
