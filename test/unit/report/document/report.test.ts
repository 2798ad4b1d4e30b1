import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { readDocument } from '../../../../src/report/document/report.ts';
import { writeJSON } from '../../../../src/report/json.ts';
import { UNICODE } from '../../../../src/render/look.ts';
import type { Report } from '../../../../src/report/report.ts';
import { drawScreen } from '../../../../src/render/terminal/screen.ts';
import { UsageError } from '../../../../src/errors.ts';
import { buildTrace } from '../../../../src/trace/build.ts';
import type { PlacedSpan, Trace } from '../../../../src/trace/trace.ts';
import { dirtySpans } from '../../../support/dirty-spans.ts';
import { recordedReport, recordedStory } from '../../../support/recorded-report.ts';
import { foundLookup, nodesRequest, reportOf } from '../../../support/reports.ts';
import { parseDocument } from '../../../support/schema.ts';

/** Read back, and told from nothing but what was understood of it. */
function understood(text: string): Report {
  const { document, ...report } = readDocument(JSON.parse(text));
  assert.ok(document !== undefined);
  return report;
}

/** Then `parentSpanID` does not say which of them is meant; but for a client and its server, as Zipkin has them. */
function isBelowItsOwnID({ spanID, span, parent }: PlacedSpan): boolean {
  const shared = span.kind === 'server' && parent?.span.kind === 'client' && parent.spanID === spanID;
  for (let at = shared ? parent.parent : parent; at !== undefined; at = at.parent)
    if (at.spanID === spanID) return true;
  return false;
}

test('a document whose spans are not one tree is rejected', () => {
  const report = recordedReport(recordedStory(37, 'masters-list'), {
    command: 'get nodes',
    objectCount: 3,
    found: true,
  });
  const document = (): { trace: { spans: { spanID?: string; parentSpanID?: string }[] } } =>
    JSON.parse(writeJSON(report));
  const orphan = document();
  orphan.trace.spans.at(-1)!.parentSpanID = 'ffffffffffffffff';
  const secondRoot = document();
  const { parentSpanID: _, ...last } = secondRoot.trace.spans.at(-1)!;
  secondRoot.trace.spans.push({ ...last, spanID: 'ffffffffffffffff' });
  for (const broken of [orphan, secondRoot]) assert.throws(() => readDocument(broken), UsageError);
});

suite('a document is read back unchanged', () => {
  for (const [minor, name] of [
    [37, 'masters-list'],
    [37, 'admin-create'],
    [37, 'wrong-token-unauthorized'],
    [33, 'admin-get'],
    [31, 'admin-apply-update'],
    [29, 'admin-delete'],
  ] as const) {
    for (const found of [true, false]) {
      test(`of ${name} on 1.${minor}, ${found ? 'found' : 'not found'}`, () => {
        const told = { command: 'kubectl trace get nodes', objectCount: 3, found };
        const report = recordedReport(recordedStory(minor, name), told);
        const text = writeJSON(report);
        const again = understood(text);
        assert.equal(writeJSON(again), text);
        for (const columns of [40, 80, 120]) {
          const look = { columns, colour: false, glyphs: UNICODE };
          assert.equal(drawScreen(again, look), drawScreen(report, look));
        }
      });
    }
  }

  test('for any trace', () => {
    fc.assert(
      fc.property(dirtySpans, (inputs) => {
        const trace = buildTrace(inputs) as Trace;
        fc.pre(!trace.spans.some(isBelowItsOwnID));
        const text = writeJSON(reportOf(trace));
        assert.equal(writeJSON(understood(text)), text);
      }),
      { numRuns: 500 },
    );
  });

  test('with the API server that served the request', () => {
    for (const host of ['control-plane-2', null]) {
      const lookup = { ...foundLookup, servedBy: { instanceID: 'apiserver-x', host, replicas: 2 } };
      const text = writeJSON(reportOf(drawn(), { requests: [{ ...nodesRequest, lookup }] }));
      assert.equal(writeJSON(understood(text)), text);
    }
  });

  test('from an earlier version, which did not record the API server', () => {
    const text = writeJSON(reportOf(drawn())).replace('"servedBy": null,', '');
    assert.equal(understood(text).requests[0]?.lookup?.servedBy, null);
  });

  test('with keys added by a later version', () => {
    const { cluster, ...rest } = JSON.parse(writeJSON(reportOf(drawn()))) as Record<string, object>;
    const newer = { ...rest, cluster: { ...cluster, region: 'eu' }, novelty: [1] };
    const text = `${JSON.stringify(newer, null, 2)}\n`;
    assert.equal(writeJSON(readDocument(JSON.parse(text))), text);
  });

  test('with an exit code of Windows, in four bytes', () => {
    const document = JSON.parse(writeJSON(reportOf(drawn()))) as object;
    const edited = `${JSON.stringify({ ...document, exitCode: 0xc000013a }, null, 2)}\n`;
    assert.equal(writeJSON(readDocument(parseDocument(edited))), edited);
  });

  test('with attributes that JSON cannot represent, and names inherited by every object', () => {
    const text = writeJSON(reportOf(drawn()));
    const document = JSON.parse(text) as { trace: { spans: { attributes?: object }[] } };
    document.trace.spans[0]!.attributes = {
      ['__proto__']: 1,
      big: '9223372036854775807',
      bytes: 'AAE=',
      nan: 'NaN',
      list: [1, [true, null]],
      map: { a: { b: 'c' } },
    };
    const edited = `${JSON.stringify(document, null, 2)}\n`;
    assert.equal(writeJSON(readDocument(JSON.parse(edited))), edited);
  });
});

const drawn = (): Trace => {
  const trace = recordedReport(recordedStory(37, 'masters-list'), { command: 'x', objectCount: 1, found: true })
    .analysis?.trace;
  assert.ok(trace !== undefined);
  return trace;
};

test('a document deeper than any that is printed is refused', () => {
  let attributes: object = {};
  for (let level = 0; level < 100_000; level++) attributes = { values: attributes };
  const document = { apiVersion: 'kubectl-trace/v1alpha1', kind: 'RequestTrace', trace: { attributes } };
  assert.throws(() => readDocument(document), /invalid document: it is nested more than 100 levels deep/);
});

suite('an error in a document is reported with its path', () => {
  type Editable = { [key: string]: Editable } & Editable[];
  const text = writeJSON(
    recordedReport(recordedStory(37, 'masters-list'), {
      command: 'kubectl trace get nodes',
      objectCount: 1,
      found: true,
    }),
  );
  const cases: readonly (readonly [what: string, edit: (document: Editable) => void])[] = [
    [
      'trace.spans[2].startOffsetNanos must be an integer',
      (it) => Object.assign(it['trace']!['spans']![2]!, { startOffsetNanos: 1.5 }),
    ],
    [
      'trace.spans[0].kind must be unspecified or internal',
      (it) => Object.assign(it['trace']!['spans']![0]!, { kind: 'x' }),
    ],
    ['exitCode must be from 0 to 4294967295', (it) => Object.assign(it, { exitCode: 8_640_000_000_000_000 })],
    ['trace.spans must be a list', (it) => Object.assign(it['trace']!, { spans: {} })],
    ['trace.spans[1] must be an object', (it) => Object.assign(it['trace']!['spans']!, { 1: 7 })],
    [
      'trace.spans[1].parentSpanID must be a span ID',
      (it) => Object.assign(it['trace']!['spans']![1]!, { parentSpanID: 'x' }),
    ],
    ['trace.startUnixNano must be an integer as a string', (it) => Object.assign(it['trace']!, { startUnixNano: 5 })],
    ['requests[0].phases must be an object', (it) => Object.assign(it['requests']![0]!, { phases: undefined })],
    [
      'requests[0].lookup.verdict must be complete',
      (it) => Object.assign(it['requests']![0]!['lookup']!, { verdict: 'great' }),
    ],
    ['command.startTime must be a time', (it) => Object.assign(it['command']!, { startTime: 'yesterday' })],
    ['command.args must be a list of strings', (it) => Object.assign(it['command']!, { args: [1] })],
    ['tool.version must be a string', (it) => Object.assign(it['tool']!, { version: null })],
    ['verdict must be complete', (it) => Object.assign(it, { verdict: 'x' })],
    ['version "kubectl-trace/v2"', (it) => Object.assign(it, { apiVersion: 'kubectl-trace/v2' })],
  ];
  for (const [what, edit] of cases) {
    test(what, () => {
      const document = JSON.parse(text) as Editable;
      edit(document);
      assert.throws(
        () => readDocument(document),
        (error) => error instanceof UsageError && error.message.includes(what),
      );
    });
  }

  test('a document with spans removed is still drawn', () => {
    const document = JSON.parse(text) as { trace: { spans: { service: string }[] } };
    document.trace.spans = document.trace.spans.filter(({ service }) => service === 'etcd');
    const { analysis } = readDocument(document);
    assert.equal(
      analysis?.trace.spans.filter(({ span }) => span.resource.service === 'etcd').length,
      document.trace.spans.length,
    );
    assert.ok(drawScreen(readDocument(document), { columns: 80, colour: false, glyphs: UNICODE }).includes('range'));
  });
});

test('a document of 100,000 spans, deep or wide, is read in linear time', () => {
  for (const parentOf of [(i: number): number => i, (): number => 1]) {
    const spans = Array.from({ length: 100_000 }, (_, i) => ({
      spanID: hex(i + 1),
      ...(i > 0 && { parentSpanID: hex(parentOf(i)) }),
      traceID: 'a'.repeat(32),
      name: 'x',
      label: 'x',
      kind: 'internal',
      component: 'other',
      service: 's',
      resource: 0,
      startOffsetNanos: i,
      durationNanos: 1,
      selfNanos: 1,
      onCriticalPath: false,
      inferred: false,
      source: 'span',
    }));
    const document = JSON.parse(writeJSON(reportOf(drawn()))) as { trace: object };
    document.trace = { ...document.trace, resources: [{ service: 's', attributes: {} }], spans };
    assert.equal(readDocument(document).analysis?.trace.spans.length, 100_000);
  }
});

const hex = (n: number): string => n.toString(16).padStart(16, '0');
