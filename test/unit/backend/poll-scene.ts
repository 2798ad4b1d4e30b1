import type { Lookup } from '../../../src/backend/backend.ts';
import type {
  AwaitedTraces,
  AwaitTracesOptions,
  LookupJudgement,
  Observation,
  WantedRequest,
} from '../../../src/backend/find/lookup.ts';
import { awaitTraces } from '../../../src/backend/find/poll.ts';
import type { Span } from '../../../src/trace/span.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { scriptedBackend, type Script } from '../../support/scripted-backend.ts';
import { span, spanID, traceID } from '../../support/spans.ts';

type Options = AwaitTracesOptions<LookupJudgement>;
export interface Scene {
  readonly clock: FakeClock;
  readonly observations: Observation[];
  /** When each request was sent, in milliseconds. */
  readonly askedAt: number[];
  readonly result: AwaitedTraces<LookupJudgement>;
}

export const wanted = (
  clock: FakeClock,
  parts: { client?: string; audit?: string | null; awaited?: boolean } = {},
): WantedRequest => ({
  keys: {
    traceID: traceID('a1'),
    spanID: spanID(parts.client ?? 'c1'),
    auditID: parts.audit ?? null,
    startedAt: clock.now(),
  },
  answeredAt: clock.now(),
  awaited: parts.awaited ?? true,
});

/** Complete with etcd's span, settled after 6 s of silence: as a judge may be. */
export const judge = ({ spans, quietMillis }: Observation): LookupJudgement => ({
  verdict: spans.some((one) => one.resource.service === 'etcd')
    ? 'complete'
    : quietMillis >= 6000
      ? 'settled'
      : 'waiting',
  waitingFor: 'etcd',
});

export type ScriptAt = (millis: number, clock: FakeClock) => { byID?: Lookup; search?: Lookup };

export async function play(
  script: ScriptAt,
  options: Partial<Omit<Options, 'requests'>> & {
    wait?: number;
    requests?: (clock: FakeClock) => WantedRequest[];
    raw?: Script;
  } = {},
): Promise<Scene> {
  const clock = new FakeClock();
  const askedAt: number[] = [];
  const absent: Lookup = { status: 'absent' };
  const backend = scriptedBackend({
    byID: () => (askedAt.push(clock.millis), script(clock.millis, clock).byID ?? absent),
    search: () => (askedAt.push(clock.millis), script(clock.millis, clock).search ?? absent),
    ...options.raw,
  });
  const observations: Observation[] = [];
  const { wait = 30_000, requests = (at: FakeClock) => [wanted(at)], raw: _raw, ...rest } = options;
  const result = await awaitTraces<LookupJudgement, WantedRequest>({
    backend,
    clock,
    deadline: clock.at(wait),
    signal: new AbortController().signal,
    ...rest,
    requests: requests(clock),
    judge: (observation) => {
      observations.push(observation);
      return (options.judge ?? judge)(observation);
    },
  });
  return { clock, observations, askedAt, result };
}

export const server = (client = 'c1', id = '1'): Span => span({ trace: 'a1', id, parent: client, kind: 'server' });
export const etcd = span({ trace: 'a1', id: '9', parent: '1', kind: 'server', service: 'etcd' });
