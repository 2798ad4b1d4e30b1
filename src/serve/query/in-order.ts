/** Runs one task after the other: of several that hold much memory, only one does at a time. */
export class InOrder {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as `task` does, which begins when all earlier ones have ended. */
  run<Result>(task: () => Result | Promise<Result>): Promise<Result> {
    const result = this.#last.then(task);
    this.#last = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }
}
