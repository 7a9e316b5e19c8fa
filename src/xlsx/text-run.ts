/** Collects the text of a string item: of all its formatted runs, without hints for pronunciation (`rPh`). */
export class TextRun {
  #text = '';
  #isText = false;
  #isHint = false;

  open(name: string): void {
    if (name === 'rPh') this.#isHint = true;
    else if (name === 't') this.#isText = !this.#isHint;
  }

  add(text: string): void {
    if (this.#isText) this.#text += text;
  }

  close(name: string): void {
    if (name === 'rPh') this.#isHint = false;
    else if (name === 't') this.#isText = false;
  }

  /** The text so far; the next one begins. */
  take(): string {
    const text = unescape(this.#text);
    this.#text = '';
    return text;
  }
}

/** Characters that XML cannot hold are written as `_x000D_`. */
export function unescape(text: string): string {
  return text.includes('_x')
    ? text.replaceAll(/_x([0-9a-f]{4})_/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    : text;
}
