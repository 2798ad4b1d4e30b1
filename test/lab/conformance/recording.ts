import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { defaultKubernetes } from '../cluster/versions.ts';
import { CLIENTS, type Client } from './clients.ts';

/** How a function of the suite ended with one client. */
export interface RecordedResult {
  readonly passed: boolean;
  /** Commands whose requests were traced; kubectl alone traces none. */
  readonly traces?: number;
}

export interface Recording {
  /** The version of the suite, of kubectl and of the servers. */
  readonly kubernetes: string;
  /** Number of functions that the suite has. */
  readonly suite: number;
  /** In the order of the suite. */
  readonly functions: Readonly<Record<string, Readonly<Partial<Record<Client, RecordedResult>>>>>;
}

const file = new URL('../../fixtures/kubectl/conformance.json', import.meta.url);

export function readRecording(): Recording {
  try {
    const recording = JSON.parse(readFileSync(file, 'utf8')) as Recording;
    if (recording.kubernetes === defaultKubernetes) return recording;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return { kubernetes: defaultKubernetes, suite: 0, functions: {} };
}

/** Stores one result at once: a run takes hours, and may be interrupted. `order`: the functions of the suite. */
export function record(name: string, client: Client, result: RecordedResult, order: readonly string[]): void {
  const { kubernetes, functions: before } = readRecording();
  const after = { ...before, [name]: { ...before[name], [client]: result } };
  const functions = Object.fromEntries(
    order.flatMap((known) => {
      const results = after[known];
      if (results === undefined) return [];
      const sorted = CLIENTS.flatMap((each) => (results[each] === undefined ? [] : [[each, results[each]] as const]));
      return [[known, Object.fromEntries(sorted)] as const];
    }),
  );
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ kubernetes, suite: order.length, functions }, null, 2)}\n`);
}

/** Clients that fail where kubectl itself passes, as `FUNCTION, CLIENT`. */
export const worseThanKubectl = ({ functions }: Recording): string[] =>
  Object.entries(functions).flatMap(([name, results]) =>
    results.kubectl?.passed === true
      ? CLIENTS.filter((client) => results[client]?.passed === false).map((client) => `${name}, ${client}`)
      : [],
  );

/** Command in the place of kubectl, by client. */
const NAMES: Readonly<Record<Client, string>> = {
  kubectl: 'kubectl',
  run: 'kubectl trace run -- kubectl',
  trace: 'kubectl trace',
};

/** A row for each client, as in docs/kubectl.md: its name, how many functions were run with it, and how many passed. */
export const rowsOf = ({ suite, functions }: Recording): string[] =>
  CLIENTS.map((client) => {
    const results = Object.values(functions).flatMap(({ [client]: result }) => (result === undefined ? [] : [result]));
    const passed = results.filter((result) => result.passed).length;
    return `| \`${NAMES[client]}\` | ${results.length} of ${suite} | ${passed} |`;
  });
