/** `litellm.commitMessage`: a commit message from what is staged, written into Git's own box. */

import * as vscode from "vscode";
import type { World } from "./world";
import type { About } from "../answers";
import { type Delta, type EditParams, Method } from "../protocol";
import { showAnswer } from "../unwritten";
import { plain, usage } from "../words";

/** As much of the built-in Git extension's API as is used. */
interface Change {
  uri: vscode.Uri;
  originalUri?: vscode.Uri;
  renameUri?: vscode.Uri;
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

/** What was written last into the box of each repository: nobody is asked about that. */
const written = new Map<string, string>();

/** `source` is Git's own view, where its button was pressed. */
export async function commitMessage(
  { server, session, answers }: World,
  source?: { rootUri?: vscode.Uri },
): Promise<void> {
  const repository = await find(source?.rootUri);
  if (!repository) return tell(vscode.l10n.t("Open a folder with a Git repository."));
  const { indexChanges, workingTreeChanges } = repository.state;
  const staged = indexChanges.length > 0;
  const changes = staged ? indexChanges : workingTreeChanges;
  if (!changes.length) return tell(vscode.l10n.t("There is no change to describe: stage one first."));
  const before = repository.inputBox.value;
  const kept = await draft(repository);
  if (kept === undefined) return;
  const parts = await Promise.all(
    changes.map(async (change) => {
      const { uri } = change;
      if (await mayHoldSecrets(server, change))
        return `${vscode.workspace.asRelativePath(uri)}: changed (contents left out)`;
      return staged ? repository.diffIndexWithHEAD(uri.fsPath) : repository.diffWithHEAD(uri.fsPath);
    }),
  );
  let streamed = "";
  let about: About | undefined;
  const show = (reason: string, text: string) => about && void showAnswer(answers, about, reason, text);
  const location = { location: vscode.ProgressLocation.SourceControl, title: "LiteLLM", cancellable: true };
  try {
    const result = await vscode.window.withProgress(location, async (_, token) => {
      const profile = await session.inUseOf();
      const params = { ...(await question(repository, parts.join("\n"))), profile };
      const { messages = [], model } = await server.request(Method.edit, { ...params, dryRun: true });
      about = { title: vscode.l10n.t("Commit message"), messages, model, profile };
      const onDelta = (delta: Delta) => {
        if (delta.type === "text") streamed += delta.text;
      };
      return answers.stream(about, Method.edit, params, { onDelta, token, language: "" });
    });
    if (result.finishReason !== "stop" || !result.newText.trim()) {
      throw new Error(
        plain(result.reason ?? "") || vscode.l10n.t("The message was cut off: ask again, or stage less at a time."),
      );
    }
    // Written once, when it is whole: what the box holds is told late, so that of a text which grows in it an earlier
    // state would pass for what the user types, and what the user types would be overwritten.
    if (repository.inputBox.value !== before) {
      const reason = vscode.l10n.t("the box was changed meanwhile, so this is the whole message");
      return void show(reason, result.newText.trim());
    }
    const message = `${kept}${result.newText.trim()}`;
    repository.inputBox.value = message;
    written.set(repository.rootUri.toString(), message);
    void vscode.window.setStatusBarMessage(`LiteLLM: ${usage(result.usage)}`, 10_000);
  } catch (error) {
    if (streamed.trim()) show(vscode.l10n.t("the answer was cut off"), streamed);
    throw error;
  }
}

/** What of the box stays above the message: a draft of the user's is taken away by nobody else. Undefined: nothing is asked. */
async function draft({ inputBox, rootUri }: Repository): Promise<string | undefined> {
  const text = inputBox.value.trimEnd();
  if (!text || text === written.get(rootUri.toString())) return "";
  const [replace, below] = [vscode.l10n.t("Replace It"), vscode.l10n.t("Write Below It")];
  const question = vscode.l10n.t("The message box already has text.");
  const choice = await vscode.window.showWarningMessage(`LiteLLM: ${question}`, { modal: true }, below, replace);
  if (choice === undefined) return undefined;
  return choice === below ? `${text}\n\n` : "";
}

/** Whether a change is one of a file that may hold secrets, under this name or the one that it had. */
async function mayHoldSecrets(server: World["server"], { uri, originalUri, renameUri }: Change): Promise<boolean> {
  const names = new Set([uri, originalUri, renameUri].flatMap((name) => (name ? [name.toString()] : [])));
  const checks = [...names].map((name) => server.request(Method.checkFile, { uri: name }));
  return (await Promise.all(checks)).some(({ secret }) => secret);
}

async function find(root: vscode.Uri | undefined): Promise<Repository | undefined> {
  const git = await vscode.extensions.getExtension<GitExtension>("vscode.git")?.activate();
  const repositories = git?.getAPI(1).repositories ?? [];
  if (root) return repositories.find(({ rootUri }) => rootUri.toString() === root.toString());
  if (repositories.length < 2) return repositories[0];
  const rows = repositories.map((repository) => ({
    label: plain(vscode.workspace.asRelativePath(repository.rootUri)),
    repository,
  }));
  return (await vscode.window.showQuickPick(rows, { title: vscode.l10n.t("LiteLLM: In which repository?") }))
    ?.repository;
}

/** By the prompt `commit`, which the user may have replaced, with the subjects before as a style. */
async function question(repository: Repository, diff: string): Promise<EditParams> {
  // A repository without a commit has no log.
  const log = await repository.log({ maxEntries: SUBJECTS }).catch(() => []);
  const subjects = log.map(({ message }) => `# ${message.split("\n", 1)[0]}`).join("\n");
  const shown = diff.length > MOST ? `${diff.slice(0, MOST)}\n(cut off here)` : diff;
  const text = `${subjects ? `# Messages before this one:\n${subjects}\n\n` : ""}${shown}`;
  const end = { line: text.split("\n").length, character: 0 };
  const textDocument = { uri: "untitled:staged.diff", languageId: "diff", text };
  return { textDocument, range: { start: { line: 0, character: 0 }, end }, prompt: "commit" };
}

function tell(sentence: string): void {
  void vscode.window.showInformationMessage(`LiteLLM: ${sentence}`);
}
