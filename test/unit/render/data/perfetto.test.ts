import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { writePerfetto } from '../../../../src/render/data/perfetto.ts';
import { buildTrace } from '../../../../src/trace/build.ts';
import { nanos } from '../../../../src/trace/time.ts';
import { dirtySpans } from '../../../support/dirty-spans.ts';
import { recordedReport, recordedStory } from '../../../support/recorded-report.ts';
import { reportOf } from '../../../support/reports.ts';

interface TraceEvent {
  readonly ph: 'X' | 'i' | 'M';
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly name: string;
  readonly cat: string;
  readonly args: Readonly<Record<string, unknown>>;
}

const eventsOf = (text: string): TraceEvent[] => (JSON.parse(text) as { traceEvents: TraceEvent[] }).traceEvents;

test('Perfetto: each service is a process, and every span a slice with its time and component', () => {
  const told = { command: 'kubectl trace create -f web.yaml', objectCount: null, found: true };
  const report = recordedReport(recordedStory(37, 'masters-create'), told);
  const events = eventsOf(writePerfetto(report));
  const spans = report.analysis?.trace.spans ?? [];
  const slices = events.filter(({ ph }) => ph === 'X');
  assert.equal(slices.length, spans.length);
  const names = events.filter(({ ph, name }) => ph === 'M' && name === 'process_name').map(({ args }) => args['name']);
  assert.deepEqual(names, ['kubectl-trace', 'apiserver', 'etcd']);
  const webhook = slices.find(({ name }) => name.startsWith('HTTP POST https://'));
  const placed = spans.find(({ spanID }) => spanID === webhook?.args['spanID']);
  assert.deepEqual(
    [webhook?.ts, webhook?.dur, webhook?.cat],
    [placed!.offset / 1000, placed!.duration / 1000, 'webhook'],
  );
  assert.equal(webhook?.args['spanName'], 'HTTP POST');
  assert.ok(slices.some(({ cat }) => cat === 'inferred'));
  assert.ok(events.some(({ ph, name }) => ph === 'i' && name === 'Send raft proposal'));
});

test('Perfetto: without a trace there are no events', () => {
  assert.deepEqual(eventsOf(writePerfetto(reportOf(undefined))), []);
});

test('Perfetto: each of any spans is one slice, and slices of one lane are nested or disjoint', () => {
  fc.assert(
    fc.property(dirtySpans, (inputs) => {
      const trace = buildTrace(inputs);
      const slices = eventsOf(writePerfetto(reportOf(trace))).filter(({ ph }) => ph === 'X');
      assert.equal(slices.length, trace?.spans.length ?? 0);
      for (const lane of Map.groupBy(slices, ({ pid, tid }) => `${pid} ${tid}`).values()) {
        const open: number[] = [];
        for (const { ts, dur } of lane) {
          const [from, to] = [nanos(Math.round(ts * 1000)), nanos(Math.round((ts + dur) * 1000))];
          while ((open.at(-1) ?? Infinity) <= from) open.pop();
          assert.ok((open.at(-1) ?? Infinity) >= to, `${from} to ${to} overlaps what ends at ${open.at(-1)}`);
          open.push(to);
        }
      }
    }),
  );
});
