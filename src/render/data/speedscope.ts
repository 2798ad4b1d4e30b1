import type { Analysis } from '../../analysis/analyse.ts';
import { jsonText } from '../../report/json-text.ts';
import type { JSONObject } from '../../report/json-value.ts';
import type { Report } from '../../report/report.ts';
import { escapeText } from '../escape.ts';
import { framesOf, spanStacks, type Stack } from './stacks.ts';

/** One stack of a profile, by the positions of its frames, and how long it lasted in nanoseconds. */
interface Sample {
  readonly stack: readonly number[];
  readonly nanos: number;
}

/**
 * A file for speedscope.app, by its schema, with two profiles: the critical path, whose time order is that of the trace
 * and which adds up to its duration, and the self time of every span, in which spans that ran at the same time all count.
 */
export function writeSpeedscope(
  { analysis, toolVersion }: Pick<Report, 'analysis' | 'toolVersion'>,
  title: string,
): string {
  const frames = new Frames();
  const profiles = analysis === null ? [] : profilesOf(analysis, frames);
  const file = {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: `kubectl-trace@${toolVersion}`,
    name: escapeText(title),
    activeProfileIndex: 0,
    shared: { frames: frames.all },
    profiles,
  };
  return jsonText(file, 0);
}

function profilesOf({ trace, self, criticalPath }: Analysis, frames: Frames): JSONObject[] {
  const stacks: (readonly number[])[] = [];
  const selfTimes: Sample[] = [];
  for (const { span, stack } of spanStacks(trace)) {
    const positions = frames.positionsOf(stack);
    stacks[span.index] = positions;
    selfTimes.push({ stack: positions, nanos: self[span.index] ?? 0 });
  }
  const sections = criticalPath.map(({ span, from, to }) => ({ stack: stacks[span.index] ?? [], nanos: to - from }));
  return [profileOf('critical path', sections), profileOf('self time', selfTimes)];
}

function profileOf(name: string, all: readonly Sample[]): JSONObject {
  const samples = all.filter(({ nanos }) => nanos > 0);
  return {
    type: 'sampled',
    name,
    unit: 'nanoseconds',
    startValue: 0,
    endValue: samples.reduce((sum, { nanos }) => sum + nanos, 0),
    samples: samples.map(({ stack }) => stack),
    weights: samples.map(({ nanos }) => nanos),
  };
}

/** Frames of a file, each once. */
class Frames {
  readonly all: JSONObject[] = [];
  readonly #positions = new Map<string, number>();
  readonly #stacks = new Map<Stack, readonly number[]>();

  positionsOf(stack: Stack): readonly number[] {
    let positions = this.#stacks.get(stack);
    if (positions === undefined) {
      positions = framesOf(stack).map((frame) => this.#positionOf(frame));
      this.#stacks.set(stack, positions);
    }
    return positions;
  }

  #positionOf({ name, service }: Stack): number {
    const key = `${service}\0${name}`;
    let position = this.#positions.get(key);
    if (position === undefined) {
      position = this.all.push({ name, ...(service !== '' && { file: service }) }) - 1;
      this.#positions.set(key, position);
    }
    return position;
  }
}
