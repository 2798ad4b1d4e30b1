import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { podCases, runPodCase, type PodCase } from '../../support/pod-case.ts';

/** Makes a file where a shell reads it, without any program. */
const PAYLOADS = ['$(>PWNED)', '`>PWNED`', "';>PWNED;'", '|>PWNED'];

/** Fields that a tenant, an image or a program fills with any text. */
const FREE = new Set([
  'message',
  'image',
  'imageID',
  'containerRuntimeVersion',
  'nodeName',
  'serviceAccountName',
  'driver',
]);

/** What stands in quotes, behind "lookup", or is all of a name: it ends up in commands. */
function poisoned(value: unknown, payload: string, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => poisoned(one, payload, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poisoned(one, payload, name)]));
  }
  if (typeof value !== 'string' || !FREE.has(key)) return value;
  if (key !== 'message') return `${value}${payload}`;
  return value
    .replaceAll(/"([^"]+)"/g, `"$1${payload.replaceAll('$', '$$$$')}"`)
    .replaceAll(
      /\b(lookup|host|driver|quota:|secret|configmap) ([^\s,:]+)/g,
      `$1 $2${payload.replaceAll('$', '$$$$').replaceAll(' ', '')}`,
    );
}

interface Step {
  readonly command: string;
  readonly when: string;
}

/** Everything that a command of the screen or of the JSON does when it is pasted, words behind it included. */
function paste(lines: readonly string[]): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-paste-'));
  try {
    for (const line of lines) {
      execFileSync('/bin/sh', ['-c', '/bin/sh 2>/dev/null; true'], {
        cwd: folder,
        env: { PATH: '/nowhere' },
        input: `${line}\n`,
      });
    }
    return existsSync(join(folder, 'PWNED'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const subjects = podCases().filter(({ name }) =>
  /lookup|dns|image|volume|secret|configmap|cni|runtime|quota|driver|seccomp|claim/.test(name),
);

suite('suggested commands never execute text from an object, event or message', () => {
  test('a shell would execute the unquoted payload', () => assert.equal(paste(['nslookup $(>PWNED)']), true));

  for (const [index, podCase] of subjects.entries()) {
    const payload = PAYLOADS[index % PAYLOADS.length]!;
    test(`${podCase.name} with ${payload}`, async (t) => {
      const hostile: PodCase = { ...podCase, objects: poisoned(podCase.objects, payload) as PodCase['objects'] };
      const { stdout } = await runPodCase(t, hostile, ['-o', 'json']);
      const { verdict } = JSON.parse(stdout) as { verdict: { next: Step[]; notes: { next: Step | null }[] } };
      const steps = [...verdict.next, ...verdict.notes.flatMap(({ next }) => next ?? [])];
      assert.equal(paste(steps.map(({ command }) => command)), false, JSON.stringify(steps));
      const { stdout: screen } = await runPodCase(t, hostile, []);
      const from = screen.indexOf('do next');
      const toCopy = from === -1 ? [] : screen.slice(from).split('\n\n', 1)[0]!.split('\n');
      const lines = toCopy.map((line) => line.replace(/^(?:do next|not shown.*|hidden.*)/, '').trim());
      assert.equal(paste(lines.filter((line) => line !== '')), false, lines.join('\n'));
    });
  }
});
