import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { load } from 'js-yaml';

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
    commandsOf(name).some((run) => /npm publish/.test(run)),
  );
  assert.equal(publishing.length, 1);
  const before = chainOf(publishing[0]!).slice(1).flatMap(commandsOf);
  const compared = before.find((run) => run.startsWith('npm run node-binaries'));
  assert.match(compared ?? '', /--releases https:\/\/nodejs\.org\/dist --keyring "\$RUNNER_TEMP\//);
  // Every check and every test as well.
  assert.ok(before.includes('.ci/run'));
});

test('release: jobs have only read permission unless they declare more', () => {
  assert.deepEqual(workflow.permissions, { contents: 'read' });
});
