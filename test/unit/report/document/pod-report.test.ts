import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { UsageError } from '../../../../src/errors.ts';
import { readPodDocument } from '../../../../src/report/document/pod-report.ts';
import { UNICODE } from '../../../../src/render/look.ts';
import { POD_OUTPUTS } from '../../../../src/render/pod/outputs.ts';
import { POD_STORIES, recordedPods, truthOf } from '../../../support/recorded-pods.ts';

const json = POD_OUTPUTS.json();
const LOOK = { columns: 120, colour: false, glyphs: UNICODE };

/** What an earlier version did not write. */
type Editable = Record<string, unknown> & { pods: Record<string, unknown>[] };

suite('a PodTrace is read back', () => {
  for (const story of POD_STORIES) {
    for (const snapshot of Object.keys(truthOf(story).snapshots)) {
      test(`${story} ${snapshot}: every output is unchanged`, async () => {
        const report = await recordedPods(story, snapshot);
        const text = json(report);
        const again = readPodDocument(JSON.parse(text));
        assert.equal(json(again), text);
        const { document, ...understood } = again;
        assert.ok(document !== undefined);
        assert.equal(json(understood), text);
        for (const output of ['tree', 'wide', 'summary', 'yaml', 'name', 'markdown', 'svg', 'otlp'] as const) {
          const render = POD_OUTPUTS[output];
          assert.equal(await render()(understood, LOOK), await render()(report, LOOK), output);
        }
      });
    }
  }

  test('with keys added by a later version', async () => {
    const document = JSON.parse(json(await recordedPods('ready', 'final'))) as Editable;
    const text = `${JSON.stringify({ ...document, novelty: [1] }, null, 2)}\n`;
    assert.equal(json(readPodDocument(JSON.parse(text))), text);
  });

  test('from version 0.1.0, which had fewer keys', async () => {
    const { clock: _, ...document } = JSON.parse(json(await recordedPods('ready', 'final'))) as Editable;
    for (const pod of document.pods) delete pod['quietSyncs'];
    const { verdict, clock, now, command } = readPodDocument(document);
    assert.equal(verdict?.state, 'ready');
    assert.equal(clock, null);
    assert.equal(now, command.startTime! + BigInt(command.durationNanos!));
  });

  for (const [what, edit] of [
    [
      'verdict.state must be succeeded or ready',
      (it: Editable) => Object.assign(it['verdict'] as object, { state: 'great' }),
    ],
    ['pods[0].startTime must be a time', (it: Editable) => (it.pods[0]!['startTime'] = 'yesterday')],
    ['version "kubectl-trace/v2"', (it: Editable) => (it['apiVersion'] = 'kubectl-trace/v2')],
  ] as const) {
    test(`unless ${what}`, async () => {
      const document = JSON.parse(json(await recordedPods('crash-loop', 'final'))) as Editable;
      edit(document);
      assert.throws(
        () => readPodDocument(document),
        (error) => error instanceof UsageError && error.message.includes(what),
      );
    });
  }
});
