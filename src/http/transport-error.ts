/** A failure below HTTP: no status line came. `sent` is false only where no byte can have left this machine. */
export class TransportError extends Error {
  readonly sent: boolean;
  readonly code: string;
  constructor(sent: boolean, code: string, cause?: unknown) {
    super(code, {cause});
    this.sent = sent;
    this.code = code;
  }
}
