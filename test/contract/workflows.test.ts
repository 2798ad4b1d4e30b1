import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { executable } from '../lab/cluster/build.ts';
import { actionlint } from '../lab/cluster/tools.ts';

type Permissions = Readonly<Record<string, string>>;

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly 'runs-on'?: string;
  readonly permissions?: Permissions;
  readonly strategy?: { readonly matrix: { readonly os: readonly string[] } };
  /** Another workflow. */
  readonly uses?: string;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly permissions: Permissions;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = fileURLToPath(new URL('../../.github/workflows/', import.meta.url));
const textOf = (name: string): string => readFileSync(`${folder}${name}`, 'utf8');
const WORKFLOWS = new Map(readdirSync(folder).map((name) => [name, load(textOf(name)) as Workflow]));
const workflow = WORKFLOWS.get('release.yml')!;

/** The jobs that a job waits for, itself included. */
function chainOf(name: string): readonly string[] {
  const { needs = [] } = workflow.jobs[name]!;
  return [name, ...[needs].flat().flatMap(chainOf)];
}

/** The commands of a job, those of the workflow that it calls included. */
function commandsOf({ uses, steps = [] }: Job): readonly string[] {
  const called = uses === undefined ? undefined : WORKFLOWS.get(uses.replace('./.github/workflows/', ''));
  const others = called === undefined ? [] : Object.values(called.jobs).flatMap(commandsOf);
  return [...others, ...steps.flatMap(({ run }) => run ?? [])];
}

const commandsOfJob = (name: string): readonly string[] => commandsOf(workflow.jobs[name]!);

test('release: nothing is published before all checks, tests, advisories and the comparison of the Node.js binaries', () => {
  const publishing = Object.keys(workflow.jobs).filter((name) =>
    commandsOfJob(name).some((run) => /npm publish|gh release create/.test(run)),
  );
  assert.deepEqual(publishing, ['publish', 'archives']);
  for (const name of publishing) {
    const before = chainOf(name).slice(1).flatMap(commandsOfJob);
    const has = (command: RegExp): boolean => before.some((run) => command.test(run));
    assert.ok(has(/^npm run node-binaries -- --releases https:\/\/nodejs\.org\/dist --keyring "\$RUNNER_TEMP\//));
    assert.ok(has(/\.ci\/run$/));
    assert.ok(has(/^node --test "test\/unit\//));
    assert.ok(has(/^npm run vulnerabilities$/));
    assert.ok(has(/^npm run release -- --homepage "\$GITHUB_SERVER_URL\/.*" --tag "\$GITHUB_REF_NAME"$/));
  }
});

test('release: package and archives come with a provenance', () => {
  const [publish, archives, made] = [workflow.jobs['publish']!, workflow.jobs['archives']!, commandsOfJob('package')];
  assert.match(commandsOf(publish).join('\n'), /npm publish --provenance /);
  // npm compares the package's repository with the workflow's.
  assert.match(
    made.join('\n'),
    /npm pkg set repository\.type=git repository\.url="git\+\$GITHUB_SERVER_URL\/.*\nnpm pack /,
  );
  const attested = archives.steps?.find(({ uses }) => uses?.startsWith('actions/attest-build-provenance@'));
  assert.deepEqual(attested?.with, { 'subject-path': 'release/kubectl-trace_*' });
});

suite('workflows', () => {
  test('only the jobs that publish may write, and only what they need', () => {
    const granted = [...WORKFLOWS].flatMap(([name, { permissions, jobs }]) => [
      [name, permissions] as const,
      ...Object.entries(jobs).flatMap(([job, own]) =>
        own.permissions ? [[`${name} ${job}`, own.permissions] as const] : [],
      ),
    ]);
    assert.deepEqual(Object.fromEntries(granted), {
      'check.yml': { contents: 'read' },
      'release.yml': { contents: 'read' },
      'release.yml publish': { contents: 'read', 'id-token': 'write' },
      'release.yml archives': { contents: 'write', 'id-token': 'write', attestations: 'write' },
    });
  });

  test('the checks run on Linux, macOS and Windows', () => {
    const { jobs } = WORKFLOWS.get('check.yml')!;
    const systems = Object.values(jobs).flatMap((job) => job.strategy?.matrix.os ?? job['runs-on'] ?? []);
    assert.deepEqual(systems, ['ubuntu-24.04', 'macos-15', 'macos-15-intel', 'windows-2025']);
  });

  test('every action is pinned by its commit, with its version, the same everywhere', () => {
    const pins = new Map<string, string>();
    for (const name of WORKFLOWS.keys()) {
      for (const [, used = ''] of textOf(name).matchAll(/^\s*(?:- )?uses: (.*)$/gm)) {
        if (used.startsWith('./')) continue;
        assert.match(used, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, name);
        const [action = '', commit = ''] = used.split('@');
        assert.equal(pins.get(action) ?? commit, commit, action);
        pins.set(action, commit);
      }
    }
    assert.ok(pins.size >= 7);
  });

  test('no checkout leaves its token behind', () => {
    const steps = [...WORKFLOWS.values()].flatMap(({ jobs }) => Object.values(jobs).flatMap((job) => job.steps ?? []));
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    assert.ok(checkouts.length >= 4);
    for (const checkout of checkouts) assert.equal(checkout.with?.['persist-credentials'], false);
  });

  test('actionlint accepts each of them', async () => {
    const files = [...WORKFLOWS.keys()].map((name) => `${folder}${name}`);
    assert.ok(files.length >= 2);
    assert.equal(await lint(files), '');
  });

  test('actionlint would notice a mistake', async () => {
    const text = textOf('release.yml').replace('node-binaries, vuln', 'node-binary, vuln');
    assert.match(await lint(['-'], text), /job "package" needs job "node-binary" which does not exist/);
  });
});

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
