import { execute, median, type Program } from './paired-runs.ts';

/** The part of `-o json` that is read here. */
interface Answer {
  readonly command: { readonly durationNanos: number };
  readonly requests: readonly {
    readonly phases: Readonly<Record<'connectNanos' | 'tlsNanos' | 'waitNanos' | 'receiveNanos', number | null>>;
  }[];
}

/** Where the time of a command goes, by what it says itself: KUBECTL_TRACE_TIMINGS and the phases of its request. */
export async function startUpParts(program: Program, rounds: number): Promise<ReadonlyMap<string, number>> {
  const samples = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    const { millis, stdout, stderr } = await execute({
      ...program,
      env: { ...program.env, KUBECTL_TRACE_TIMINGS: '1' },
    });
    for (const [part, value] of partsOf(millis, stdout, stderr))
      samples.set(part, [...(samples.get(part) ?? []), value]);
  }
  return new Map([...samples].map(([part, values]) => [part, median(values)]));
}

function partsOf(total: number, stdout: string, stderr: string): ReadonlyMap<string, number> {
  const marks = new Map(
    [...stderr.matchAll(/(node|load|run|end) ([\d.]+)/g)].map(([, name, at]) => [name, Number(at)]),
  );
  const at = (name: string): number => {
    const mark = marks.get(name);
    if (mark === undefined) throw new Error(`the command has not said when it was at "${name}": ${stderr}`);
    return mark;
  };
  const { command, requests } = JSON.parse(stdout) as Answer;
  const [first] = requests;
  if (first === undefined) throw new Error('the response has no request');
  const millis = (nanos: number | null): number => (nanos ?? 0) / 1e6;
  const requesting = millis(command.durationNanos);
  const connect = millis(first.phases.connectNanos);
  const tls = millis(first.phases.tlsNanos);
  return new Map([
    ['the launcher, Node.js, and its end', total - at('end') + at('node')],
    ['load the program', at('load') - at('node')],
    ['make streams, clock and randomness', at('run') - at('load')],
    ['connect (TCP)', connect],
    ['TLS handshake', tls],
    ['wait for the response and read it', requesting - connect - tls],
    ['the rest: arguments, kubeconfig, credentials, drawing', at('end') - at('run') - requesting],
    ['all of it', total],
  ]);
}
