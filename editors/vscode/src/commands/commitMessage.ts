/** `litellm.commitMessage`: a commit message from what is staged, written into Git's own box. */

import * as vscode from "vscode";
import type { World } from "../commands";
import { Method } from "../protocol";
import { plain, usage } from "../words";

/** As much of the built-in Git extension's API as is used. */
interface Change {
  uri: vscode.Uri;
}
interface Repository {
  rootUri: vscode.Uri;
  inputBox: { value: string };
  state: { indexChanges: Change[]; workingTreeChanges: Change[]; untrackedChanges?: Change[] };
  diffIndexWithHEAD(path: string): Promise<string>;
  diffWithHEAD(path: string): Promise<string>;
  log(options: { maxEntries: number }): Promise<{ message: string }[]>;
}
interface GitExtension {
  getAPI(version: 1): { repositories: Repository[] };
}

/** Most characters of a diff that a model is shown, and how many subjects before it as a style. */
const MOST = 40_000;
const SUBJECTS = 5;

const ROLE =
  "You write the commit message for a diff. Answer with the message and nothing else: a subject of at most 72 " +
  "characters that says what changes, in the style of the subjects before; where that is not enough, an empty line " +
  "and a short body that says why. No code fence and no quotes.";

/** `source` is Git's own view, where its button was pressed. */
export async function commitMessage({ server }: World, source?: { rootUri?: vscode.Uri }): Promise<void> {
  const repository = await find(source?.rootUri);
  if (!repository) return tell(vscode.l10n.t("Open a folder with a Git repository."));
  const { indexChanges, workingTreeChanges } = repository.state;
  const staged = indexChanges.length > 0;
  const changes = staged ? indexChanges : workingTreeChanges;
  if (!changes.length) return tell(vscode.l10n.t("There is no change to describe: stage one first."));
  const parts = await Promise.all(
    changes.map(async ({ uri }) => {
      const { secret } = await server.request(Method.checkFile, { uri: uri.toString() });
      if (secret) return `${vscode.workspace.asRelativePath(uri)}: changed (contents left out)`;
      return staged ? repository.diffIndexWithHEAD(uri.fsPath) : repository.diffWithHEAD(uri.fsPath);
    }),
  );
  const before = repository.inputBox.value;
  let written = "";
  // What the user types meanwhile is the user's.
  const write = (text: string) => {
    if (repository.inputBox.value === (written || before)) repository.inputBox.value = written = text;
  };
  const location = { location: vscode.ProgressLocation.SourceControl, title: "LiteLLM", cancellable: true };
  try {
    const result = await vscode.window.withProgress(location, async (_, token) => {
      let streamed = "";
      const params = { system: ROLE, prompt: await question(repository, parts.join("\n")) };
      return server.stream(params, (delta) => delta.type === "text" && write((streamed += delta.text)), token);
    });
    const { text, refusal } = result.message;
    if (result.finishReason !== "stop" || !text.trim()) {
      throw new Error(refusal ?? vscode.l10n.t("The message was cut off: ask again, or stage less at a time."));
    }
    write(text.trim());
    void vscode.window.setStatusBarMessage(`LiteLLM: ${usage(result.usage)}`, 10_000);
  } catch (error) {
    // What stood there before comes back.
    write(before);
    throw error;
  }
}

async function find(root: vscode.Uri | undefined): Promise<Repository | undefined> {
  const git = await vscode.extensions.getExtension<GitExtension>("vscode.git")?.activate();
  const repositories = git?.getAPI(1).repositories ?? [];
  if (root) return repositories.find(({ rootUri }) => rootUri.toString() === root.toString());
  if (repositories.length < 2) return repositories[0];
  const rows = repositories.map((repository) => ({ label: plain(vscode.workspace.asRelativePath(repository.rootUri)), repository }));
  return (await vscode.window.showQuickPick(rows, { title: vscode.l10n.t("LiteLLM: In which repository?") }))?.repository;
}

async function question(repository: Repository, diff: string): Promise<string> {
  // A repository without a commit has no log.
  const log = await repository.log({ maxEntries: SUBJECTS }).catch(() => []);
  const subjects = log.map(({ message }) => message.split("\n", 1)[0]).join("\n");
  const shown = diff.length > MOST ? `${diff.slice(0, MOST)}\n(cut off here)` : diff;
  return `<subjects>\n${subjects}\n</subjects>\n\n<diff>\n${shown}\n</diff>`;
}

function tell(sentence: string): void {
  void vscode.window.showInformationMessage(`LiteLLM: ${sentence}`);
}
