import { readFileSync } from 'node:fs';

/** One look at the memory of one `serve`. */
interface MemorySample {
  /** Number of the start, from 0. */
  readonly life: number;
  /** Since that start. */
  readonly seconds: number;
  readonly rss: number;
}

/** Everything that is counted while a soak lasts. */
export class Measures {
  /** Milliseconds from an attempt of an ordinary export to its acknowledgement. */
  readonly exports: number[] = [];
  readonly searches: number[] = [];
  readonly lookups: number[] = [];
  readonly memory: MemorySample[] = [];
  /** How often each thing happened. */
  readonly counts = new Map<string, number>();
  /** Faults that must not happen, each kind once, with an example. */
  readonly faults = new Map<string, string>();
  /** Traces that `serve` said it has removed, by its start. */
  readonly removedByLife: number[] = [];
  /** The most that it removed between two looks. */
  mostRemoved = 0;

  count(what: string, by = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + by);
  }

  fault(check: string, example: string): void {
    this.count(`fault: ${check}`);
    if (!this.faults.has(check)) this.faults.set(check, example);
  }

  sampleMemory(pid: number, life: number, seconds: number): void {
    try {
      const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      if (kilobytes !== undefined) this.memory.push({ life, seconds, rss: Number(kilobytes) * 1024 });
    } catch {
      // It has just ended.
    }
  }

  noteRemoved(life: number, removed: number): void {
    const before = this.removedByLife[life] ?? 0;
    this.mostRemoved = Math.max(this.mostRemoved, removed - before);
    this.removedByLife[life] = removed;
  }

  get removed(): number {
    return this.removedByLife.reduce((sum, one) => sum + (one ?? 0), 0);
  }
}

/** The value below which this share of the values is; NaN without values. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return NaN;
  const sorted = values.toSorted((one, two) => one - two);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
}

/** A line through the points by least squares: its value at x = 0 and its slope. */
export function linearFit(points: readonly (readonly [x: number, y: number])[]): {
  readonly start: number;
  readonly slope: number;
} {
  const n = points.length;
  if (n < 2) return { start: points[0]?.[1] ?? 0, slope: 0 };
  const [meanX, meanY] = [0, 1].map((axis) => points.reduce((sum, point) => sum + (point[axis] as number), 0) / n) as [
    number,
    number,
  ];
  const above = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const below = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = below === 0 ? 0 : above / below;
  return { start: meanY - slope * meanX, slope };
}
