/** A document of a test, and the host that changes it and tells of it. */

const LF = 1;
const CRLF = 2;

/** An open document, which editors show or not, with what becomes of its text. `load` gives the host's `window` and `workspace`. */
export function opened({ Uri, window, workspace }, text, eol = "\n") {
  const listeners = { change: new Set(), open: new Set(), rename: new Set() };
  const on = (set) => (listener) => {
    set.add(listener);
    return { dispose: () => set.delete(listener) };
  };
  const made = (text) => ({
    text,
    isClosed: false,
    isUntitled: false,
    uri: Uri.file("/folder/a"),
    get eol() {
      return this.text.includes("\r\n") ? CRLF : LF;
    },
    positionAt(offset) {
      return positionIn(this.text, offset);
    },
    offsetAt({ line, character }) {
      const lines = this.text.split("\n");
      return lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0) + character;
    },
    validatePosition: (position) => position,
    getText(range) {
      return range ? this.text.slice(this.offsetAt(range.start), this.offsetAt(range.end)) : this.text;
    },
    range(start, end) {
      return { start: this.positionAt(start), end: this.positionAt(end) };
    },
    /** Puts a text in the place of what is between two offsets. */
    change(start, end, text) {
      const contentChanges = [{ range: this.range(start, end), rangeOffset: start, rangeLength: end - start, text }];
      this.text = this.text.slice(0, start) + text + this.text.slice(end);
      for (const listener of listeners.change) listener({ document: this, contentChanges });
    },
  });
  const document = made(text.replaceAll("\n", eol));
  window.visibleTextEditors = [];
  workspace.onDidChangeTextDocument = on(listeners.change);
  workspace.onDidOpenTextDocument = on(listeners.open);
  workspace.onDidRenameFiles = on(listeners.rename);
  workspace.textDocuments = [document];
  workspace.openFile = async () => {
    throw new Error("gone");
  };
  workspace.openTextDocument = (uri) => workspace.openFile(uri);
  workspace.applyEdit = async ({ range, text }) => {
    // As the real one, which asks another process.
    await new Promise(setImmediate);
    if (document.isClosed) throw new Error("another document is made");
    document.change(document.offsetAt(range.start), document.offsetAt(range.end), text);
    return true;
  };
  /** Opens the text that is at this place. */
  const open = (uri, text) => {
    const again = Object.assign(made(text.replaceAll("\n", eol)), { uri });
    workspace.textDocuments.push(again);
    for (const listener of listeners.open) listener(again);
    return again;
  };
  /** The one file that is there, opened when it is asked for. */
  const reads = (uri, text) => {
    workspace.openFile = async (asked) => {
      if (`${asked}` !== `${uri}`) throw new Error("gone");
      return open(uri, text);
    };
  };
  /** Where the text is now. */
  let uri = document.uri;
  return Object.assign(document, {
    /** As `change`, with the offsets and the text as they are with `\n` at the end of each line. */
    edit(start, end, text) {
      const offset = (lf) => document.offsetAt(positionIn(document.text.replaceAll("\r", ""), lf));
      document.change(offset(start), offset(end), text.replaceAll("\n", eol));
    },
    /** Closes it, and opens it again with this text when it is asked for. */
    close(text) {
      document.isClosed = true;
      workspace.textDocuments = [];
      if (text !== undefined) reads(document.uri, text);
    },
    /** Renames a file or a folder; the document is opened under its new name before that is told, after it, or never. */
    rename(from, to, when) {
      const tell = () => {
        const files = [{ oldUri: Uri.file(from), newUri: Uri.file(to) }];
        for (const listener of listeners.rename) listener({ files });
      };
      if (!`${uri.path}/`.startsWith(`${from}/`)) return tell();
      uri = Uri.file(to + uri.path.slice(from.length));
      const text = document.text.replaceAll("\r", "");
      this.close();
      reads(uri, text);
      if (when === "before") open(uri, text);
      tell();
      if (when === "after") open(uri, text);
    },
  });
}

function positionIn(text, offset) {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length - 1, character: before.at(-1).length };
}
