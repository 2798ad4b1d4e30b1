import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { CLIENTS } from './clients.ts';
import { readRecording } from './recording.ts';
import { openConformance, type Conformance } from './run.ts';

/** A few functions of Kubernetes' own test of kubectl; `npm run conformance` runs all. */
const SELECTION = [
  'run_kubectl_version_tests',
  'run_client_config_tests',
  'run_kubectl_auth_whoami_tests',
  'run_plugins_tests',
];

let logs: string;
let conformance: Conformance;

suite("Kubernetes' own test of kubectl passes with kubectl, behind `run --` and behind `trace`", () => {
  before(async () => {
    logs = await mkdtemp(join(tmpdir(), 'kubectl-trace-conformance-logs-'));
    conformance = await openConformance(logs);
  });
  after(async () => {
    await conformance?.close();
    await rm(logs, { recursive: true, force: true });
  });

  test('all recorded functions belong to the suite', () => {
    const { suite: count, functions } = readRecording();
    assert.equal(count, conformance.functions.length);
    assert.deepEqual(
      Object.keys(functions).filter((name) => !conformance.functions.includes(name)),
      [],
    );
  });

  for (const name of SELECTION) {
    for (const client of CLIENTS) {
      test(`${name}, ${client}`, async () => {
        const { passed, log } = await conformance.run(name, client);
        assert.ok(passed, await readFile(log, 'utf8'));
      });
    }
  }
});
