import { showPods } from '../../../src/commands/pod/show-pods.ts';
import { PodReader } from '../../../src/commands/pod/reader.ts';
import { podSubject } from '../../../src/commands/pod/subject.ts';
import type { Cluster, Exchange, KubeRequest } from '../../../src/kube/http/exchange.ts';
import { chooseLook } from '../../../src/render/look.ts';
import { POD_OUTPUTS } from '../../../src/render/pod/outputs.ts';
import { epochNanos, nanos, nanosFromMillis } from '../../../src/trace/time.ts';
import { testRuntime } from '../../unit/kube/fixture.ts';
import { HERE } from '../../support/platforms.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { POD_STORIES, truthOf } from '../../support/recorded-pods.ts';
import { compact, corpusOf, fixtures } from '../engine/corpus.ts';
import { changeValue } from '../engine/mutate-json.ts';
import { promise, stateless, type Target } from '../engine/target.ts';

/** Stories of different stages: each of the causes is in one of them. */
const STORIES = POD_STORIES.filter((story) => truthOf(story).subject.kind === 'Pod').filter(
  (_, index) => index % 2 === 0,
);

// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f]/;

interface Recorded {
  readonly path: string;
  readonly url: string;
  readonly status: number;
  readonly body: unknown;
}

/** One of them, with its body as it was sent. */
interface Answer extends Recorded {
  readonly body: string;
}

function recordedAnswers(input: Buffer): { readonly name: string; readonly answers: readonly Answer[] } | undefined {
  try {
    const document = JSON.parse(input.toString('utf8')) as unknown;
    if (!Array.isArray(document)) return undefined;
    // Inside `try`: JSON.stringify has no stack for what JSON.parse can read.
    const answers = (document as Recorded[])
      .filter((one) => typeof one?.path === 'string' && Number.isInteger(one.status))
      .map(({ body, ...one }) => ({ ...one, body: typeof body === 'string' ? body : (JSON.stringify(body) ?? '') }));
    const pod = answers.find(({ path }) => /\/pods\/[^/]+$/.test(path));
    return pod === undefined ? undefined : { name: pod.path, answers };
  } catch {
    return undefined;
  }
}

/** A server that cares for no selector. */
function responding(answers: readonly Answer[]): (request: KubeRequest) => Promise<Exchange> {
  const known = new Map(answers.map((answer) => [answer.path, answer]));
  return async (request) => {
    const { status, body } = known.get(request.path) ?? {
      status: 404,
      body: '{"kind":"Status","message":"not there"}',
    };
    return { request, status, headers: {}, body: Buffer.from(body), error: null } as unknown as Exchange;
  };
}

/** A clock that does not run: what is said depends on the objects alone. */
const NOW = epochNanos(1_795_478_400_000_000_000n);

async function feed(input: Buffer): Promise<string> {
  const recorded = recordedAnswers(input);
  if (recorded === undefined) return 'no responses';
  const [namespace = '', , name = ''] = recorded.name.split('/').slice(-3);
  const runtime = testRuntime({ clock: new FakeClock(NOW), random: (size) => new Uint8Array(size).fill(1) });
  const task = {
    verb: 'pod',
    args: ['pod', name],
    version: '0.1.0',
    cluster: { contextName: 'lab', server: 'https://127.0.0.1:6443', namespace } as Cluster,
    startedAt: NOW,
    subject: podSubject(namespace, name),
    reader: new PodReader(responding(recorded.answers), 'lab'),
    backend: undefined,
    follow: { follow: false, untilStuck: nanosFromMillis(60_000), timeout: nanos(0) },
    output: async () => '',
  };
  const report = await showPods(task, runtime);
  const look = chooseLook(
    { color: 'never', ascii: false },
    { outTerminal: { isTTY: true, columns: 100 }, env: {}, platform: HERE },
  );
  for (const [format, open] of Object.entries(POD_OUTPUTS)) {
    const text = await open('{.kind}')(report, look);
    if (['tree', 'wide', 'summary', 'name', 'markdown'].includes(format))
      promise(!CONTROL.test(text), `${format} has a control character`);
    if (format === 'json') JSON.parse(text);
  }
  return `${report.verdict?.state} ${report.verdict?.reason}`;
}

const pods: Target = {
  name: 'pod-objects',
  reads: 'pods, events, nodes and their owners, to each output of `pod`',
  corpus: () => [
    ...corpusOf('pod-objects'),
    ...fixtures(...STORIES.map((story) => `pods/${story}/final/requests.json`)).map(compact),
  ],
  mutations: [changeValue],
  isPure: true,
  open: stateless(feed),
};

export const PODS: readonly Target[] = [pods];
