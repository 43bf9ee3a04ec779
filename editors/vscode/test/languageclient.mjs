/** As much of the client's library as `client.ts` needs: its servers answer what a test gives, and no process is started. */

export const State = { Stopped: 1, Running: 2 };

export class LanguageClient {
  /** Every one that was started, and what they answer by method. */
  static started = [];
  static answers = {};

  constructor(_id, _name, server, options) {
    /** How the server is started. */
    this.server = server;
    this.options = options;
    /** What the extension does with what the server asks, by method. */
    this.handlers = {};
    /** Who is told of what the server tells, by method. */
    this.listeners = {};
    /** The notifications that the server got, and the failures that were told of. */
    this.sent = [];
    this.failures = [];
  }
  createDefaultErrorHandler() {
    return {};
  }
  onNotification({ method }, listener) {
    this.listeners[method] = listener;
  }
  /** Notifies the extension, as its server does. */
  tell(method, params) {
    this.listeners[method](params);
  }
  onRequest(method, handler) {
    this.handlers[method] = handler;
  }
  onDidChangeState(listener) {
    this.changed = listener;
  }
  async sendNotification(type, params) {
    if (this.state !== State.Running) throw new Error("write EPIPE");
    this.sent.push([type, params]);
  }
  error(message, error, show) {
    this.failures.push([message, String(error), show]);
  }
  onProgress() {
    return { dispose: () => undefined };
  }
  async start() {
    LanguageClient.started.push(this);
    this.given = this.options.initializationOptions();
    this.state = State.Running;
    this.changed({ newState: this.state });
  }
  async dispose() {
    this.state = State.Stopped;
  }
  async sendRequest(method, params) {
    return LanguageClient.answers[method](params);
  }
}
export class NotificationType {
  constructor(method) {
    this.method = method;
  }
}
export class ProgressType {}
export const CloseAction = {};
export const ErrorAction = {};
export const RevealOutputChannelOn = {};
export const TransportKind = {};
