/** A namespace has thousands of pods and events; beyond that only the newest are stored. */
const MAX_OBJECTS = 5000;
/** Maximum size as JSON: 5,000 pods of 20 kB are 100 MB. */
const MAX_BYTES = 128 * 1024 * 1024;

interface Kept<Value> {
  readonly value: Value;
  readonly bytes: number;
}

/** Objects by their UIDs, the newest at the end. What a server goes on sending pushes out the oldest. */
export class NewestObjects<Value> {
  /** An object was pushed out. */
  isCut = false;
  readonly #objects = new Map<string, Kept<Value>>();
  #bytes = 0;

  /** `bytes` is its size as JSON. */
  set(uid: string, value: Value, bytes: number): void {
    const before = this.#objects.get(uid);
    this.#bytes += bytes - (before?.bytes ?? 0);
    this.#objects.set(uid, { value, bytes });
    for (const oldest of this.#objects.keys()) {
      if (this.#objects.size <= MAX_OBJECTS && this.#bytes <= MAX_BYTES) break;
      this.delete(oldest);
      this.isCut = true;
    }
  }

  get(uid: string): Value | undefined {
    return this.#objects.get(uid)?.value;
  }

  delete(uid: string): void {
    this.#bytes -= this.#objects.get(uid)?.bytes ?? 0;
    this.#objects.delete(uid);
  }

  clear(): void {
    this.#objects.clear();
    this.#bytes = 0;
  }

  get size(): number {
    return this.#objects.size;
  }

  values(): Value[] {
    return [...this.#objects.values()].map(({ value }) => value);
  }
}
