/** Names of the client's library that `client.ts` needs to be read; no test starts a server. */

export class LanguageClient {}
export class NotificationType {}
export class ProgressType {}
export const CloseAction = {};
export const ErrorAction = {};
export const RevealOutputChannelOn = {};
export const State = {};
export const TransportKind = {};
