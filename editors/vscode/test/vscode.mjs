/** As much of the host as the tested files name. */

import { posix } from "node:path";

export class LanguageModelTextPart {
  constructor(value) {
    this.value = value;
  }
}
export class LanguageModelThinkingPart {
  constructor(value, id) {
    Object.assign(this, { value, id });
  }
}
export class LanguageModelToolCallPart {
  constructor(callId, name, input) {
    Object.assign(this, { callId, name, input });
  }
}
export class LanguageModelToolResultPart {
  constructor(callId, content) {
    Object.assign(this, { callId, content });
  }
}
export class LanguageModelDataPart {
  constructor(data, mimeType) {
    Object.assign(this, { data, mimeType });
  }
}
export class LanguageModelError extends Error {
  static Blocked = (message) => Object.assign(new LanguageModelError(message), { code: "Blocked" });
  static NoPermissions = (message) => Object.assign(new LanguageModelError(message), { code: "NoPermissions" });
  static NotFound = (message) => Object.assign(new LanguageModelError(message), { code: "NotFound" });
}
export class CancellationError extends Error {}
export class CancellationTokenSource {
  token = {
    isCancellationRequested: false,
    onCancellationRequested: (listener) => {
      this.listeners.push(listener);
      return { dispose: () => undefined };
    },
  };
  listeners = [];
  cancel() {
    this.token.isCancellationRequested = true;
    for (const listener of this.listeners) listener();
  }
  dispose() {}
}
export const LanguageModelChatMessageRole = { User: 1, Assistant: 2 };
export const LanguageModelChatToolMode = { Auto: 1, Required: 2 };
/** As the host does it: what stands in braces is filled in. */
export const l10n = { t: (text, ...values) => text.replace(/\{(\d)\}/g, (_, number) => values[number]) };
export const env = { language: "en", sessionId: "session" };
export const QuickPickItemKind = { Separator: -1, Default: 0 };
export class ThemeIcon {
  constructor(id) {
    this.id = id;
  }
}
/** Settings that a test gives; all others have their defaults. */
export const settings = {};
export const workspace = {
  isTrusted: true,
  getConfiguration: (section) => ({ get: (name, other) => settings[`${section}.${name}`] ?? other }),
};
export const window = {};
export const languages = {};
export const FilePermission = { Readonly: 1 };
export class RelativePattern {
  constructor(base, pattern) {
    Object.assign(this, { base, pattern });
  }
}
export const Disposable = {
  from: (...all) => ({
    dispose: () => {
      for (const one of all) one.dispose();
    },
  }),
};
export const commands = {};
export const extensions = {};
export const ViewColumn = {};
export const ProgressLocation = {};
export const Uri = {
  parse: (text) => ({ fsPath: decodeURIComponent(text.replace("file://", "")), toString: () => text }),
  joinPath: (uri, ...names) => ({ ...uri, path: posix.join(uri.path, ...names) }),
  file: (path) => ({
    scheme: "file",
    path,
    fsPath: path,
    toString: () => `file://${path}`,
    with: ({ path }) => Uri.file(path),
  }),
  from: ({ scheme, path }) => ({ scheme, path, toString: () => `${scheme}:${path}` }),
};
export class EventEmitter {
  event = () => ({ dispose: () => undefined });
  fire() {}
  dispose() {}
}
export const EndOfLine = { LF: 1, CRLF: 2 };
export class Range {
  constructor(start, end) {
    Object.assign(this, { start, end });
  }
}
export class Selection extends Range {}
export class Position {
  constructor(line, character) {
    Object.assign(this, { line, character });
  }
}
export class WorkspaceEdit {
  replace(uri, range, text) {
    Object.assign(this, { uri, range, text });
  }
}
