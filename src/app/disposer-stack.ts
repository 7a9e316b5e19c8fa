/** Releases what was opened, in reverse order, and goes on to the others where one of them fails. */
export class DisposerStack implements AsyncDisposable {
  readonly #disposers: (() => unknown)[] = [];

  defer(dispose: () => unknown): void {
    this.#disposers.push(dispose);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    for (const dispose of this.#disposers.splice(0).toReversed()) {
      try {
        await dispose();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
