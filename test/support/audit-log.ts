import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The end of a request in the API server's audit log (audit.k8s.io/v1). */
export interface AuditEvent {
  readonly auditID: string;
  readonly stage: string;
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
  readonly requestURI: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const PREFIX = 'apiserver.latency.k8s.io/';
const NANOS: Readonly<Record<string, number>> = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/**
 * Times that the API server itself measured of a request, in nanoseconds, by the names of its annotations. It writes
 * them only for requests of more than half a second.
 */
export const auditedTimes = async (folder: string, auditID: string): Promise<Readonly<Record<string, number>>> =>
  latencyOf(await auditEvent(folder, auditID));

/** The same from an event. */
export function latencyOf({ annotations = {} }: AuditEvent): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(annotations)
      .filter(([name]) => name.startsWith(PREFIX))
      .map(([name, value]) => [name.slice(PREFIX.length), nanosOf(value)]),
  );
}

interface Period {
  readonly start: bigint;
  readonly end: bigint;
}

/** When the API server received a request, and when it was done with it, in nanoseconds since the epoch. */
export const auditedPeriod = async (folder: string, auditID: string): Promise<Period> =>
  periodOf(await auditEvent(folder, auditID));

/** The same from an event. */
export const periodOf = ({ requestReceivedTimestamp, stageTimestamp }: AuditEvent): Period => ({
  start: instantOf(requestReceivedTimestamp),
  end: instantOf(stageTimestamp),
});

/** An instant of RFC 3339 with microseconds, in UTC. */
function instantOf(text: string): bigint {
  const [, seconds = '', fraction = '0'] = /^([\d-]+T[\d:]+)\.(\d+)Z$/.exec(text) ?? [];
  return BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** The ends of all requests so far, in the order in which they were written. */
export async function auditEvents(folder: string): Promise<readonly AuditEvent[]> {
  const lines = (await readFile(join(folder, 'audit.log'), 'utf8')).split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as AuditEvent).filter(({ stage }) => stage === 'ResponseComplete');
}

/** The event of a request's end, which the API server writes a moment after its response. */
export async function auditEvent(folder: string, auditID: string): Promise<AuditEvent> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const text = await readFile(join(folder, 'audit.log'), 'utf8');
    const line = text
      .split('\n')
      .findLast((one) => one.includes(auditID) && one.includes('"ResponseComplete"') && one.endsWith('}'));
    if (line !== undefined) return JSON.parse(line) as AuditEvent;
    await sleep(100);
  }
  throw new Error(`the audit log has no request ${auditID}`);
}

/** Nanoseconds of a Go duration: `1m2.5s`, `706.4ms`. */
function nanosOf(duration: string): number {
  let nanos = 0;
  for (const [, value, unit = ''] of duration.matchAll(/([\d.]+)(h|ms|m|µs|ns|s)/g)) {
    nanos += Number(value) * (NANOS[unit] ?? Number.NaN);
  }
  return nanos;
}
