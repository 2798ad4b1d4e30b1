import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { exemplarsOf } from '../../../../../src/codec/metrics/exemplars.ts';
import type { RequestReport } from '../../../../../src/report/report.ts';
import { parseSpanID, parseTraceID } from '../../../../../src/trace/ids.ts';
import { between, nanos } from '../../../../../src/trace/time.ts';
import { measurementOf } from '../../../../../src/tracing/source/metrics/measure.ts';
import { nodesRequest } from '../../../../support/reports.ts';

const folder = new URL('../../../../fixtures/kubernetes/metrics/', import.meta.url);

/** A request to a real API server that does not trace, and its audit event. */
interface Recorded {
  readonly kubernetes: string;
  readonly request: string;
  readonly status: number;
  readonly traceID: string;
  readonly spanID: string;
  /** How long each webhook slept, in milliseconds. */
  readonly webhooks: Readonly<Record<string, number>>;
  readonly audit: {
    readonly requestReceivedTimestamp: string;
    readonly stageTimestamp: string;
    readonly annotations: Readonly<Record<string, string>>;
  };
}

/** Microseconds since the epoch. */
const microseconds = (time: string): number =>
  Date.parse(time) * 1000 + Number(/\.\d{3}(\d{3})Z$/.exec(time)?.[1] ?? 0);

/** Of a Go duration of one unit. */
function nanosOf(duration: string | undefined): number {
  const [, value = '', unit = ''] = /^([\d.]+)(ms|µs|s)$/.exec(duration ?? '') ?? [];
  return Number(value) * ({ s: 1e9, ms: 1e6, µs: 1e3 }[unit] ?? Number.NaN);
}

for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
  const recorded = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Recorded;
  suite(`recorded from Kubernetes ${recorded.kubernetes}: ${recorded.request}`, () => {
    const body = readFileSync(new URL(name.replace('.json', '.pb'), folder));
    const traceID = parseTraceID(recorded.traceID)!;
    const [method = '', path = ''] = recorded.request.split(' ');
    const request: RequestReport = {
      ...nodesRequest,
      spanID: parseSpanID(recorded.spanID)!,
      method,
      path,
      resource: 'secrets',
      status: recorded.status,
    };
    const exemplars = exemplarsOf(body, traceID) ?? [];
    const last = { status: 'read', exemplars, startedAt: null, tookNanos: nanos(0) } as const;
    const rows = measurementOf({ last }, [request], traceID).rows.get(request) ?? [];
    const lengthOf = (wanted: string): number => {
      const row = rows.find(({ span }) => span.name.startsWith(wanted));
      assert.ok(row !== undefined, `${wanted} has no row`);
      return between(row.span.start, row.span.end);
    };

    test('arrival and total are those of the audit event within 1 ms', () => {
      const [root] = rows;
      const { requestReceivedTimestamp, stageTimestamp } = recorded.audit;
      assert.ok(Math.abs(Number(root?.span.start) / 1000 - microseconds(requestReceivedTimestamp)) < 1000);
      assert.ok(Math.abs(Number(root?.span.end) / 1000 - microseconds(stageTimestamp)) < 1000);
    });

    test('webhooks and authorization are those of the audit event within 1 ms, the queue to the microsecond', () => {
      const audited = (key: string): number => nanosOf(recorded.audit.annotations[`apiserver.latency.k8s.io/${key}`]);
      assert.ok(Math.abs(lengthOf('Call mutating webhook') - audited('mutating-webhook')) < 1e6);
      assert.ok(Math.abs(lengthOf('Call validating webhook') - audited('validating-webhook')) < 1e6);
      assert.ok(Math.abs(lengthOf('authorization') - audited('authorization')) < 1e6);
      assert.equal(
        Math.round(lengthOf('queue of priority level') / 1000),
        Math.round(audited('apf-queue-wait') / 1000),
      );
    });

    test('webhooks are known by name, below the plug-in that calls them, and take as long as they slept', () => {
      const names = new Map(rows.map(({ span }) => [span.spanID, span.name]));
      for (const [webhook, millis] of Object.entries(recorded.webhooks)) {
        const row = rows.find(({ span }) => span.attributes['webhook'] === webhook);
        assert.match(names.get(row!.span.parentSpanID!) ?? '', /^(Mutating|Validating)AdmissionWebhook$/);
        assert.ok(between(row!.span.start, row!.span.end) >= millis * 1e6);
      }
    });

    test('the same rows are read from a response that is read to its end', () => {
      assert.equal(exemplarsOf(body.subarray(0, -1), traceID), undefined);
      assert.ok(exemplars.length >= 20, `${exemplars.length} exemplars`);
    });
  });
}
