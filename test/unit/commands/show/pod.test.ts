import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { writeJSON } from '../../../../src/report/json.ts';
import { openMachine, podCases } from '../../../support/pod-case.ts';
import { recordedReport, recordedStory } from '../../../support/recorded-report.ts';

const caseOf = (name: string): ReturnType<typeof podCases>[number] => podCases().find((one) => one.name === name)!;
const READY = caseOf('laptop-clock-ahead-6h');
const CRASHING = caseOf('sidecar-crash-while-app-runs');

const historyOf = (home: string): string => join(home, '.local', 'state', 'kubectl-trace', 'history');

/** `pod` printed it a moment ago; the ages of what goes on may have grown since. */
suite('show of a PodTrace', () => {
  for (const podCase of [READY, CRASHING]) {
    test(`${podCase.name}: a file, standard input and YAML are drawn the same, with the original exit status`, async (t) => {
      const machine = await openMachine(t, podCase);
      const pod = await machine.run([...machine.podArguments, '-o', 'json']);
      writeFileSync(join(machine.home, 'pod.json'), pod.stdout);
      const shown = await machine.run(['show', 'pod.json', '-o', 'json']);
      assert.deepEqual(shown, pod);
      const screen = await machine.run(['show', 'pod.json']);
      assert.equal(screen.exitCode, pod.exitCode);
      assert.equal(screen.stderr, pod.stderr);
      assert.match(screen.stdout, /^pod\/web in lab-x, on node wk-1 {3}(?:READY|CRASH LOOP)/);
      assert.deepEqual(await machine.run(['show', '-'], pod.stdout), screen);
      const yaml = await machine.run(['show', 'pod.json', '-o', 'yaml']);
      assert.equal((await machine.run(['show', '-', '-o', 'json'], yaml.stdout)).stdout, pod.stdout);
    });
  }

  test('a command that could not read its pod is shown with its error', async (t) => {
    const machine = await openMachine(t, { ...READY, target: 'absent' });
    const failed = await machine.run([...machine.podArguments, '-o', 'json']);
    assert.equal(failed.exitCode, 1);
    const shown = await machine.run(['show', '-'], failed.stdout);
    assert.equal(shown.exitCode, 1);
    assert.equal(shown.stdout, 'pod/absent in lab-x\n');
    assert.equal(shown.stderr, failed.stderr);
  });

  test('an object of create --follow is not shown as created again', async (t) => {
    const machine = await openMachine(t, READY);
    const pod = await machine.run([...machine.podArguments, '-o', 'json']);
    const { requests } = JSON.parse(
      writeJSON(
        recordedReport(recordedStory(37, 'masters-create'), { command: 'create', objectCount: null, found: true }),
      ),
    ) as {
      readonly requests: readonly object[];
    };
    const made = requests.map((request) => ({ ...request, outcome: 'pod/web created' }));
    const document = JSON.stringify({ ...(JSON.parse(pod.stdout) as object), requests: made });
    const shown = await machine.run(['show', '-'], document);
    assert.match(shown.stdout, /^pod\/web in lab-x/);
    assert.doesNotMatch(shown.stdout, /pod\/web created/);
    assert.match((await machine.run(['show', '-', '-o', 'json'], document)).stdout, /"pod\/web created"/);
  });
});

suite('history of pods', () => {
  test('show last draws the last pod unchanged, from a file private to the user', async (t) => {
    const machine = await openMachine(t, CRASHING);
    const pod = await machine.run(machine.podArguments);
    const last = await machine.run(['show', 'last']);
    assert.deepEqual(last, pod);
    assert.equal((await machine.run(['show', 'last'])).stdout, pod.stdout);
    const folder = historyOf(machine.home);
    const [file, ...others] = readdirSync(folder);
    assert.deepEqual(others, []);
    assert.equal(statSync(join(folder, file!)).mode & 0o777, 0o600);
  });

  test('^1 shows the pod before the last one', async (t) => {
    const machine = await openMachine(t, READY);
    const [command, , ...flags] = machine.podArguments;
    const web = await machine.run(machine.podArguments);
    const other = await machine.run([command!, 'new', ...flags]);
    assert.equal((await machine.run(['show', '^1'])).stdout, web.stdout);
    assert.equal((await machine.run(['show', 'last'])).stdout, other.stdout);
  });

  test('nothing is stored with --no-history, for a failed command, or for show itself', async (t) => {
    const machine = await openMachine(t, READY);
    const [command, , ...flags] = machine.podArguments;
    await machine.run([...machine.podArguments, '--no-history']);
    await machine.run([command!, 'absent', ...flags]);
    const { stdout } = await machine.run([...machine.podArguments, '--no-history', '-o', 'json']);
    await machine.run(['show', '-'], stdout);
    assert.throws(() => readdirSync(historyOf(machine.home)), /ENOENT/);
  });

  test('no object, and so no Secret data, is stored, only the document', async (t) => {
    const machine = await openMachine(t, READY);
    const { stdout } = await machine.run([...machine.podArguments, '-o', 'json']);
    const folder = historyOf(machine.home);
    const stored = readFileSync(join(folder, readdirSync(folder)[0]!), 'utf8');
    assert.deepEqual(JSON.parse(stored), JSON.parse(stdout));
  });
});
