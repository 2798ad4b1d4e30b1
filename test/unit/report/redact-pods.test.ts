import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'node:test';
import { redactPods } from '../../../src/report/redact/pods.ts';
import { isVocabulary } from '../../../src/report/redact/vocabulary.ts';
import { readPodDocument } from '../../../src/report/document/pod-report.ts';
import { podJSON } from '../../../src/report/pod-json.ts';
import { UNICODE } from '../../../src/render/look.ts';
import { drawPodScreen } from '../../../src/render/pod/screen.ts';
import { plainWidth } from '../../../src/render/terminal/width.ts';
import type { PodReport } from '../../../src/report/pod-report.ts';
import type { StoredObject } from '../../support/object-server.ts';
import { openMachine, podCases } from '../../support/pod-case.ts';
import { recordedCluster } from '../../support/recorded-cluster.ts';
import { POD_STORIES, recordedPods, truthOf } from '../../support/recorded-pods.ts';
import { parsePodDocument } from '../../support/schema.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 6);

interface Spec {
  readonly nodeName?: string;
  readonly containers?: readonly { readonly name: string; readonly image: string }[];
  readonly initContainers?: readonly { readonly name: string; readonly image: string }[];
}

/** Names of the pods of a report and of what is in them, as the manifests have them. */
function namesIn(objects: readonly StoredObject[], { lifecycles, subject }: PodReport): string[] {
  const shown = new Set(lifecycles.map(({ uid }) => uid));
  const pods = objects.filter(({ kind, metadata }) => kind === 'Pod' && shown.has(metadata.uid ?? ''));
  const names = pods.flatMap(({ metadata, spec }) => {
    const { nodeName, containers = [], initContainers = [] } = spec as Spec;
    const inside = [...containers, ...initContainers].flatMap(({ name, image }) => [name, image]);
    return [metadata.name, metadata.namespace ?? '', nodeName ?? '', ...inside];
  });
  // A name that is a word of the language or of Kubernetes stands in sentences as such.
  return [...new Set([...names, subject.name, subject.namespace ?? ''])].filter(
    (name) => name.length > 2 && !isVocabulary(name) && !WORDS.has(name),
  );
}

/** Names of the fixtures that are words of sentences or of closed lists too. */
const WORDS = new Set([
  'finalizer',
  'readiness',
  'ready',
  'startup',
  'succeeded',
  'webhook',
  'job',
  'log',
  'app',
  'main',
  'init',
  'proxy',
  'pause',
]);

function assertRedacted(report: PodReport, names: readonly string[]): void {
  const redacted = redactPods(report, digest);
  const look = { columns: 200, colour: false, glyphs: UNICODE };
  for (const text of [JSON.stringify(podJSON(redacted)), drawPodScreen(redacted, look, plainWidth)]) {
    for (const name of names) {
      const word = name.replace(/[.$^*+?()[\]{}|\\]/g, String.raw`\$&`);
      const found = new RegExp(`.{0,60}(?<![A-Za-z0-9-])${word}(?![A-Za-z0-9-]).{0,60}`, 's').exec(text);
      assert.equal(found?.[0], undefined, `${name} is still there`);
    }
  }
  // States, reasons and times are those of the report.
  const { verdict, lifecycles } = report;
  assert.deepEqual(
    [redacted.verdict?.state, redacted.verdict?.reason, redacted.lifecycles.map(({ stages }) => stages)],
    [verdict?.state, verdict?.reason, lifecycles.map(({ stages }) => stages)],
  );
  parsePodDocument(JSON.stringify(podJSON(redacted)));
}

suite('redaction of recorded pods: no name of a pod, namespace, node, container or image is left', () => {
  for (const story of POD_STORIES) {
    for (const snapshot of Object.keys(truthOf(story).snapshots)) {
      test(`${story}, ${snapshot}`, async () => {
        const report = await recordedPods(story, snapshot);
        assertRedacted(report, namesIn(recordedCluster(story, snapshot).objects, report));
      });
    }
  }
});

suite('redaction of pod cases: no name of a pod, namespace, node, container or image is left', () => {
  for (const podCase of podCases()) {
    test(podCase.name, async (t) => {
      const machine = await openMachine(t, podCase, { isStill: true });
      const { stdout } = await machine.run([...machine.podArguments, '-o', 'json']);
      const report = readPodDocument(JSON.parse(stdout));
      assertRedacted(report, namesIn(podCase.objects, report));
    });
  }
});

test('pod --redact and show --redact print the same pseudonyms, also of a table', async (t) => {
  const podCase = podCases().find(({ name }) => name === 'crash-loop-first-back-off')!;
  const machine = await openMachine(t, podCase, { isStill: true });
  const alone = await machine.run([...machine.podArguments, '--redact']);
  assert.match(alone.stdout, /^pod\/name-[0-9a-f]{6} in name-[0-9a-f]{6}/);
  assert.equal((await machine.run(['show', 'last', '--redact'])).stdout, alone.stdout);
  const table = await machine.run(['pod', '-A', '--redact']);
  const [name] = /name-[0-9a-f]{6}/.exec(alone.stdout)!;
  assert.ok(table.stdout.includes(name), table.stdout);
  assert.ok(!table.stderr.includes(podCase.target), table.stderr);
  const absent = await machine.run(['pod', 'secret-project', '--redact']);
  assert.match(absent.stderr, /^Error from server \(NotFound\): pods "name-[0-9a-f]{6}" not found\n/);
});
