import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainWidth } from '../../../src/render/terminal/width.ts';
import { UNICODE } from '../../../src/render/look.ts';
import { podTable, setTable } from '../../../src/render/pod/table.ts';
import type { PodReport } from '../../../src/report/pod-report.ts';
import type { Stage } from '../../../src/pod/stage.ts';
import type { State } from '../../../src/pod/verdict.ts';
import type { PodRole } from '../../../src/pod/workload/pod-role.ts';

/** The row of one pod in the table of stages. */
function row(kind: string, role: PodRole, state: State, stage: Stage): string {
  const lifecycle = { uid: 'u', name: 'p', startedAt: 0n, verdict: { stage, state, reason: 'Error' } };
  const workload = { kind, roles: new Map([['u', role]]) };
  const report = { lifecycles: [lifecycle], now: 60_000_000_000n, workload } as unknown as PodReport;
  const line = podTable(report, { columns: 100, colour: false, glyphs: UNICODE }, plainWidth)[1] ?? '';
  return line.trim().replace(/ +/g, ' ');
}

test('a pod that is only counted is labeled by its lifecycle', () => {
  assert.equal(row('Job', 'finished', 'failed', 'Running'), 'Running failed - 1');
  assert.equal(row('Deployment', 'finished', 'succeeded', 'Termination'), 'Termination finished - 1');
  assert.equal(row('Deployment', 'terminating', 'progressing', 'Termination'), 'Termination terminating - 1');
  assert.equal(row('CronJob', 'replaced', 'succeeded', 'Termination'), 'Termination earlier run - 1');
  assert.equal(row('Deployment', 'replaced', 'ready', 'Running'), 'Running old revision - 1');
});

test('a pod with a verdict shows its own state and reason', () => {
  assert.equal(row('Job', 'current', 'failed', 'Running'), 'Running failed Error 1');
  assert.equal(row('CronJob', 'current', 'succeeded', 'Termination'), 'Termination succeeded Error 1');
});

/** The row of one pod in the table of all namespaces, on a screen of 120 columns. */
function setRow(reason: string, message: string): string {
  const verdict = { state: 'stuck', stage: 'ContainerStart', reason, since: { at: 0n }, cause: { reason, message } };
  const lifecycle = { namespace: 'trial-shop', name: 'web-5d4f7c9b-2xkqp', startedAt: 0n, verdict };
  const subject = { kind: 'namespace', namespace: null, name: null };
  const report = { lifecycles: [lifecycle], set: {}, subject, now: 60_000_000_000n, podsLeftOut: 0 };
  const look = { columns: 120, colour: false, glyphs: UNICODE };
  return setTable(report as unknown as PodReport, look, plainWidth)[1] ?? '';
}

test('a message that is too long for its table begins with what differs from one fault to another', () => {
  const absent = 'exec: "/bin/nope": executable file not found in $PATH';
  const start = 'container web cannot be started: the image does not have the program: ';
  assert.match(setRow('ContainerCreate', start + absent), / {2}exec: "\/bin\/nope": executable file not fo/);
  assert.match(
    setRow('Readiness', 'container web runs, but its readiness probe fails: HTTP probe failed with statuscode: 404'),
    / {2}HTTP probe failed with statuscode: 404$/,
  );
  assert.match(setRow('CrashLoop', 'container web ends with exit code 1'), / {2}container web ends with exit code 1$/);
  const killed = 'container web ends with exit code 1: panic: no such table: users in the database of the shop';
  assert.match(setRow('CrashLoop', killed), / {2}container web ends with exit code 1: panic/);
});
