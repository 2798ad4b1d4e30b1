import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UNICODE } from '../../../src/render/look.ts';
import { OUTPUTS } from '../../../src/render/outputs.ts';
import { readDocument } from '../../../src/report/document/report.ts';
import { toJSON } from '../../../src/report/json.ts';
import { repeated } from '../../support/repeated.ts';
import { parseXML, textOf } from '../../support/svg.ts';

/** The client reads metrics for 700 ms between two requests; the slowest took 40 ms, all of it the API server. */
const PAUSED = repeated([4, 40, 12], 700);
const LOOK = { columns: 120, colour: false, glyphs: UNICODE };

for (const output of ['tree', 'summary', 'wide', 'markdown', 'svg'] as const) {
  test(`${output}: --repeat is about the slowest request, and not about the time between them`, async () => {
    for (const report of [PAUSED, readDocument(toJSON(PAUSED))]) {
      const text = await OUTPUTS[output]()(report, LOOK);
      const screen = output === 'svg' ? textOf(parseXML(text)) : text;
      assert.match(screen, /nothing stands out: 40\.0 ms, 100 % of it apiserver/);
      assert.match(screen, /3 times {2}p50 12\.0 ms {2}p95 40\.0 ms {2}4\.00–40\.0 ms; {2}the slowest:/);
      assert.doesNotMatch(screen, /1\.46 s|700 ms|\bclient \d/);
    }
  });
}

interface Summary {
  readonly components: readonly { readonly component: string; readonly nanos: number; readonly share: number }[];
  readonly criticalPath: readonly {
    readonly spanID: string;
    readonly fromOffsetNanos: number;
    readonly toOffsetNanos: number;
  }[];
}

test('json: the summary is about the slowest request, at its place in the trace of all of them', () => {
  const document = JSON.parse(JSON.stringify(toJSON(PAUSED))) as {
    readonly requests: readonly unknown[];
    readonly summary: Summary;
    readonly trace: {
      readonly durationNanos: number;
      readonly spans: readonly { readonly spanID: string; readonly onCriticalPath: boolean }[];
    };
  };
  const { summary, trace, requests } = document;
  assert.equal(requests.length, 3);
  assert.equal(trace.durationNanos, 1456e6);
  assert.deepEqual(
    summary.components.filter(({ share }) => share > 0),
    [{ component: 'apiserver', nanos: 40e6, share: 1 }],
  );
  assert.equal(summary.criticalPath[0]?.fromOffsetNanos, 704e6);
  assert.equal(summary.criticalPath.at(-1)?.toOffsetNanos, 744e6);
  const onPath = trace.spans.filter(({ onCriticalPath }) => onCriticalPath).map(({ spanID }) => spanID);
  assert.equal(onPath.length, 3);
  for (const { spanID } of summary.criticalPath) assert.ok(onPath.includes(spanID));
});
