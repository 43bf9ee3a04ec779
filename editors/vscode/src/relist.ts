/** Lists to choose from whose rows change while they are open. */

import * as vscode from "vscode";

/** What of a list is read and changed here. */
type Picker<Row extends vscode.QuickPickItem> = Pick<vscode.QuickPick<Row>, "activeItems" | "items" | "value">;

/**
 * Shows other rows. Who has gone to one of them stays there, as long as it fits what is typed: a row that the filter
 * hides can be made the active one, and then none is, and Enter does nothing.
 */
export function relist<Row extends vscode.QuickPickItem>(
  picker: Picker<Row>,
  rows: readonly Row[],
  isSame: (row: Row, active: Row) => boolean = (row, active) => row === active,
): void {
  const [active] = picker.activeItems;
  const first = picker.items.find(({ kind }) => kind !== vscode.QuickPickItemKind.Separator);
  picker.items = rows;
  // VS Code takes the first row that is left by what is typed, which it knows some time before the extension does.
  if (!active || active === first) return;
  const again = rows.find((row) => isSame(row, active));
  if (again && fits(again, picker.value)) picker.activeItems = [again];
}

/** Whether a row has what is typed. VS Code leaves some more rows; what it would hide is never among these. */
function fits({ label, description, detail }: vscode.QuickPickItem, typed: string): boolean {
  const word = typed.trim().toLowerCase();
  return [label, description, detail].some((text) => text?.toLowerCase().includes(word));
}
