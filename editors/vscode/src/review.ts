/** Changes that a model would make, as a diff to accept, to discard or to ask for again before anything is written. */

import * as vscode from "vscode";
import type { Tracked } from "./tracked";
import { fileName } from "./words";

const SCHEME = "litellm-review";

/** A change that waits for the user. */
interface Review {
  where: Tracked;
  newText: string;
  /** What made it. */
  note: string;
  /** Shows the answer where its file is gone, for this reason. */
  lost: (reason: string) => void;
  /** Called once: whether the model shall be asked again. */
  end: (again: boolean) => void;
}

export class Reviews implements vscode.Disposable {
  private readonly open = new Map<string, Review>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly parts: vscode.Disposable;
  private number = 0;

  constructor() {
    const command = (name: string, act: (uri: vscode.Uri, review: Review) => Promise<void>) =>
      vscode.commands.registerCommand(`litellm.review.${name}`, async (uri = inFront()) => {
        const review = this.open.get(uri?.path ?? "");
        if (uri && review) await act(uri, review);
      });
    this.parts = vscode.Disposable.from(
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
        onDidChange: this.changed.event,
        provideTextDocumentContent: ({ path }) => {
          const review = this.open.get(path);
          return review ? review.where.textWith(review.newText) : "";
        },
      }),
      command("accept", (uri, review) => this.accept(uri, review)),
      command("retry", (uri, review) => this.retry(uri, review)),
      command("discard", (uri, review) => this.discard(uri, review)),
    );
  }

  dispose(): void {
    this.parts.dispose();
  }

  /**
   * Shows a change as a diff against the text as it is, with a note of what made it. Settled when the user is done with
   * it: whether the model shall be asked again. `lost` shows the answer in another way where that can't be done.
   */
  show(where: Tracked, newText: string, note: string, lost: Review["lost"]): Promise<boolean> {
    return new Promise((end, failed) => void this.present({ where, newText, note, lost, end }).catch(failed));
  }

  private async present(review: Review): Promise<void> {
    const { where, note } = review;
    const { document } = where;
    this.number += 1;
    const name = fileName(document.uri);
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${this.number}/${name}` });
    this.open.set(uri.path, review);
    where.onDidMove(() => this.changed.fire(uri));
    const proposal = await vscode.workspace.openTextDocument(uri);
    if (proposal.languageId !== document.languageId)
      await vscode.languages.setTextDocumentLanguage(proposal, document.languageId);
    if (!(await this.lookAt(uri, review))) return;
    const [accept, retry, discard] = [vscode.l10n.t("Accept"), vscode.l10n.t("Ask Again"), vscode.l10n.t("Discard")];
    // It stays among the notifications, also where the tab of the diff is closed.
    const choice = await vscode.window.showInformationMessage(`LiteLLM: ${note}`, accept, retry, discard);
    // VS Code leaves the buttons there when the change was decided on elsewhere.
    if (!this.open.has(uri.path)) {
      const done = vscode.l10n.t("That change was decided on already: nothing is done now.");
      return choice === undefined ? undefined : void vscode.window.showInformationMessage(`LiteLLM: ${done}`);
    }
    if (choice === accept) await this.accept(uri, review);
    if (choice === retry) await this.retry(uri, review);
    if (choice === discard) await this.discard(uri, review);
  }

  /** Brings the diff to the front. False where its file is gone. */
  private async lookAt(uri: vscode.Uri, review: Review): Promise<boolean> {
    if (!(await this.isThere(uri, review))) return false;
    const { document, now } = review.where;
    const title = vscode.l10n.t("{0} (LiteLLM’s change)", fileName(document.uri));
    const how = { preview: false, ...(now && { selection: new vscode.Range(now.range.start, now.range.start) }) };
    await vscode.commands.executeCommand("vscode.diff", document.uri, uri, title, how);
    return true;
  }

  /** Whether the text that a change is about can still be opened. Else the answer is shown, for it is paid for. */
  private async isThere(uri: vscode.Uri, { where, lost, end }: Review): Promise<boolean> {
    if (await where.open()) return true;
    await this.hide(uri);
    lost(vscode.l10n.t("the file is not there any more, so this is the whole answer"));
    end(false);
    return false;
  }

  /** Takes a change away; it is paid for, so it can be brought back for as long as the notification is there. */
  private async discard(uri: vscode.Uri, review: Review): Promise<void> {
    await this.hide(uri);
    const back = vscode.l10n.t("Bring It Back");
    const text = vscode.l10n.t("The change is discarded; nothing was written.");
    const choice = await vscode.window.showInformationMessage(`LiteLLM: ${text}`, back);
    if (choice === back) return this.present(review);
    review.end(false);
  }

  private async accept(uri: vscode.Uri, review: Review): Promise<void> {
    const { where, newText } = review;
    if (!(await this.isThere(uri, review))) return;
    // In front, it is written through an editor, which keeps to what is read-only.
    const editor = await vscode.window.showTextDocument(where.document, { preview: false });
    const replaced = await where.replace(newText);
    if (replaced !== "written") {
      const message =
        replaced === "readOnly"
          ? vscode.l10n.t("The file is read-only: make it writable and accept again, or copy from the diff.")
          : vscode.l10n.t(
              "The text has changed since the model was asked: ask again, or copy what you need from the diff.",
            );
      await this.lookAt(uri, review);
      return void vscode.window.showWarningMessage(`LiteLLM: ${message}`);
    }
    await this.hide(uri);
    // What was selected has other lines now, and would go along with the next question.
    const end = where.now?.range.end;
    if (end) editor.selection = new vscode.Selection(end, end);
    review.end(false);
  }

  private async retry(uri: vscode.Uri, review: Review): Promise<void> {
    if (!(await this.isThere(uri, review))) return;
    await this.hide(uri);
    review.end(true);
  }

  private async hide(uri: vscode.Uri): Promise<void> {
    this.open.delete(uri.path);
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const isOurs = ({ input }: vscode.Tab) =>
      input instanceof vscode.TabInputTextDiff && input.modified.path === uri.path;
    await vscode.window.tabGroups.close(tabs.filter(isOurs));
  }
}

/** The change that the user looks at. */
function inFront(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputTextDiff && input.modified.scheme === SCHEME ? input.modified : undefined;
}
