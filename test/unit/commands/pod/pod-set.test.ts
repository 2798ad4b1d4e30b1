import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test, type TestContext } from 'node:test';
import { manyPods, REST } from '../../../support/many-pods.ts';
import type { StoredObject } from '../../../support/object-server.ts';
import { openMachine, type CaseOutcome, type Machine } from '../../../support/pod-case.ts';
import { FAULTS, MANY_PODS_NOW } from '../../../support/pod-faults.ts';
import { parsePodDocument, type PodDocument } from '../../../support/schema.ts';

const DOCUMENT = readFileSync(new URL('../../../../docs/pod.md', import.meta.url), 'utf8');

interface Ran extends CaseOutcome {
  readonly requests: readonly string[];
}

const machineWith = (t: TestContext, objects: readonly StoredObject[]): Promise<Machine> =>
  openMachine(t, { now: MANY_PODS_NOW, clientClockAheadSeconds: 0, target: '', objects }, { isStill: true });

async function runPod(t: TestContext, objects: readonly StoredObject[], ...args: string[]): Promise<Ran> {
  const { run, requests } = await machineWith(t, objects);
  return { ...(await run(['pod', ...args])), requests };
}

const wellPods = (count: number): StoredObject[] => manyPods(count, []);

suite('pod -A with 5,000 pods', () => {
  const objects = manyPods(5000);
  const broken = FAULTS.flatMap(({ name, count, state, reason }) =>
    Array.from({ length: count }, (_, index) => `${name}-${index} ${state} ${reason}`),
  );

  test('the document has each of the 60 broken pods with its reason, and no other as stuck or failed', async (t) => {
    const { exitCode, stdout, requests } = await runPod(t, objects, '-A', '-o', 'json');
    const document: PodDocument = parsePodDocument(stdout);
    const alarms = document.pods.filter(({ verdict }) => verdict.state === 'stuck' || verdict.state === 'failed');
    assert.deepEqual(
      alarms.map(({ name, verdict }) => `${name} ${verdict.state} ${verdict.reason}`).toSorted(),
      broken.toSorted(),
    );
    assert.equal(exitCode, 6);
    assert.deepEqual(document.subject, { kind: 'pods', namespace: null, name: '' });
    const { counts, total, replaced } = document.set!;
    assert.deepEqual(counts, {
      succeeded: REST.completed,
      ready: 5000 - 60 - REST.completed - REST.replaced - REST.progressing,
      progressing: REST.progressing,
      stuck: 50,
      failed: 10,
    });
    assert.deepEqual([total, replaced, document.podsLeftOut], [5000, REST.replaced, 0]);
    assert.ok(requests.length <= 20, requests.join('\n'));
    assert.equal(requests.filter((request) => request.includes('/pods/')).length, 0, 'no pod is read alone');
  });

  test('the screen fits 80 columns: the headline, the table from the worst, and a command for the worst', async (t) => {
    const { stdout, stderr } = await runPod(t, objects, '-A', '--width', '80');
    const lines = stdout.split('\n');
    const headline = '60 of 5,000 pods are not well: 12 ImagePull, 10 CrashLoop, 8 OOMKilled, 30 more';
    assert.equal(lines[0], headline);
    assert.equal(lines[1], '50 stuck, 10 failed, 3 in progress; 20 failed before and were replaced');
    assert.equal(stderr.split('\n')[0], `error: ${headline}`);
    assert.deepEqual(
      lines.filter((line) => line.length > 80),
      [],
    );
    const rows = lines.slice(lines.findIndex((line) => line.startsWith('NAMESPACE')) + 1);
    assert.match(rows[0]!, /^\S+ +unready-1 +Readiness +stuck \S+ +60m$/);
    assert.match(rows[49]!, /^\S+ +mount-0 +VolumeMount +stuck \S+ +6m40s$/);
    assert.match(rows[50]!, /^\S+ +evicted-5 +Evicted +failed \S+ +120m$/);
    assert.match(rows[60]!, / progressing \S+ +10s$/);
    assert.match(stdout, /\npicture {6}kubectl trace pod unready-1 -n \S+\n/);
    assert.match(stdout, /\nreasons {6}ImagePull 12 · CrashLoop 10 · OOMKilled 8 · Unschedulable 8/);
  });

  test('well pods have no row, and the exit code is 0', async (t) => {
    const { exitCode, stdout, stderr } = await runPod(t, wellPods(5000), '-A');
    assert.deepEqual([exitCode, stdout, stderr], [0, 'all 5,000 pods are ready\n', '']);
  });
});

suite('pod: several pods', () => {
  const one = FAULTS.map((fault) => ({ ...fault, count: 1 }));

  test('without a name: the namespace of the context, without a column for it', async (t) => {
    const objects = manyPods(200, one).map((object) => ({
      ...object,
      metadata: { ...object.metadata, ...(object.metadata.namespace !== undefined && { namespace: 'default' }) },
    }));
    const { exitCode, stdout } = await runPod(t, objects);
    assert.equal(exitCode, 6);
    const { stdout: narrow } = await runPod(t, objects, '--width', '100');
    assert.ok(DOCUMENT.includes(`\n\`\`\`text\n${narrow}\`\`\`\n`), `docs/pod.md has another screen:\n${narrow}`);
    assert.match(
      stdout,
      /^9 of 200 pods in default are not well: 1 CrashLoop, 1 DeadlineExceeded, 1 Evicted, 6 more\n7 stuck, 2 failed, 3 in progress; /,
    );
    assert.match(stdout, /\nPOD +REASON +STATE +AGE +MESSAGE\nunready-0 /);
  });

  test('-l selects, and says so', async (t) => {
    const { exitCode, stdout, requests } = await runPod(t, manyPods(200, one), '-A', '-l', 'app=crash');
    assert.equal(exitCode, 6);
    assert.match(stdout, /^1 of 1 pod with app=crash is not well: 1 CrashLoop\n\n/);
    assert.match(requests[0]!, /\/api\/v1\/pods\?labelSelector=app%3Dcrash&limit=500$/);
    const none = await runPod(t, manyPods(200, one), '-n', 'shop', '-l', 'app=absent');
    assert.deepEqual([none.exitCode, none.stdout, none.stderr], [0, 'no pods in shop with app=absent\n', '']);
  });

  test('well pods take one line, also beside others that failed before and were replaced', async (t) => {
    const { exitCode, stdout } = await runPod(t, manyPods(200, one), '-A', '-l', 'app=web');
    assert.equal(exitCode, 0);
    assert.match(stdout, /^all \d+ pods with app=web are ready; 20 failed before and were replaced\n$/);
  });

  test('each named pod is shown; a missing one is an error in kubectl’s words after the table', async (t) => {
    const objects = manyPods(200, one);
    const { exitCode, stdout, stderr } = await runPod(t, objects, 'pull-0', 'pod/web-145', 'absent', '-n', 'shop');
    assert.equal(exitCode, 1);
    assert.match(
      stdout,
      /^1 of 2 pods in shop is not well: 1 ImagePull\n\nPOD +REASON +STATE +AGE +MESSAGE\npull-0 .*\nweb-145 +- +ready /,
    );
    assert.equal(stderr.split('\n')[0], 'Error from server (NotFound): pods "absent" not found');
  });

  test('more names than are read one by one', async (t) => {
    const names = ['web-145', 'web-150', 'web-155', 'web-160', 'web-165', 'absent-1', 'absent-2'];
    const { exitCode, stdout, stderr, requests } = await runPod(t, manyPods(200, one), ...names, '-n', 'shop');
    assert.equal(exitCode, 1);
    assert.equal(stdout.match(/^web-/gm)?.length, 5);
    assert.equal(
      stderr,
      'Error from server (NotFound): pods "absent-1" not found\nError from server (NotFound): pods "absent-2" not found\n',
    );
    assert.equal(requests.filter((request) => request.includes('/pods')).length, 1);
  });

  for (const [output, pattern] of [
    ['wide', /^9 of [^]*\npod\/unready-0 in payments[^]*\nFROM +STAGE/],
    ['summary', /^9 of [^]*\npod\/unready-0 in payments[^]*\nSTAGE +TIME/],
    ['markdown', /^### `9 of [^]*```text\nNAMESPACE +POD[^]*### `pod\/unready-0 in payments/],
    ['svg', /^<svg [^]*>9 of [^]*>NAMESPACE<[^]*>pod\/unready-0 in payments, on node [^]*<path class="u"/],
  ] as const) {
    test(`-o ${output} has the picture of the worst below the table`, async (t) => {
      const { stdout } = await runPod(t, manyPods(200, one), '-A', '-o', output);
      assert.match(stdout, pattern);
    });
  }

  test('the document is drawn again by show, with the picture where that is requested', async (t) => {
    const machine = await machineWith(t, manyPods(200, one));
    const printed = await machine.run(['pod', '-A']);
    const shown = await machine.run(['show', 'last']);
    assert.deepEqual([shown.exitCode, shown.stdout], [6, printed.stdout]);
    const wide = await machine.run(['show', 'last', '-o', 'wide']);
    assert.match(wide.stdout, /\nFROM +STAGE/);
  });
});
