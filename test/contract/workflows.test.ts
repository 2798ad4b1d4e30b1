import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { executable } from '../lab/cluster/build.ts';
import { actionlint } from '../lab/cluster/tools.ts';

interface Job {
  readonly needs?: string;
  readonly steps: readonly { readonly run?: string }[];
}

const workflow = load(readFileSync(new URL('../../.github/workflows/release.yml', import.meta.url), 'utf8')) as {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
};

/** The jobs that a job waits for, itself included. */
function chainOf(name: string): readonly string[] {
  const { needs } = workflow.jobs[name]!;
  return needs === undefined ? [name] : [name, ...chainOf(needs)];
}

const commandsOf = (name: string): readonly string[] => workflow.jobs[name]!.steps.flatMap(({ run }) => run ?? []);

test('release: nothing is published before the Node.js binaries are compared', () => {
  const publishing = Object.keys(workflow.jobs).filter((name) =>
    commandsOf(name).some((run) => /npm publish|gh release create/.test(run)),
  );
  assert.deepEqual(publishing, ['publish', 'archives']);
  for (const name of publishing) {
    const before = chainOf(name).slice(1).flatMap(commandsOf);
    const compared = before.find((run) => run.startsWith('npm run node-binaries'));
    assert.match(compared ?? '', /--releases https:\/\/nodejs\.org\/dist --keyring "\$RUNNER_TEMP\//);
    // Every check and every test as well.
    assert.ok(before.includes('.ci/run'));
  }
});

test('release: jobs have only read permission unless they declare more', () => {
  assert.deepEqual(workflow.permissions, { contents: 'read' });
});

const folder = fileURLToPath(new URL('../../.github/workflows/', import.meta.url));

/** What actionlint prints of workflows; "" for correct ones. Scripts are left to their own checks. */
async function lint(args: readonly string[], input = ''): Promise<string> {
  const program = await executable(actionlint);
  return new Promise((resolve, reject) => {
    const child = execFile(program, ['-shellcheck=', '-pyflakes=', '-no-color', ...args], (error, stdout) => {
      if (error === null || error.code === 1) resolve(stdout);
      else reject(error);
    });
    child.stdin?.end(input);
  });
}

test('workflows: actionlint accepts each of them', async () => {
  const files = readdirSync(folder).map((name) => `${folder}${name}`);
  assert.ok(files.length >= 2);
  assert.equal(await lint(files), '');
});

test('workflows: actionlint would notice a mistake', async () => {
  const text = readFileSync(`${folder}release.yml`, 'utf8').replace('needs: node-binaries', 'needs: node-binary');
  assert.match(await lint(['-'], text), /job "package" needs job "node-binary" which does not exist/);
});
