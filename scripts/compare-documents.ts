import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withCheckout } from './commits/checkout.ts';

/**
 * `npm run compare:documents -- COMMIT`: makes the JSON documents of all recorded requests and pods with the code of
 * COMMIT and with this code, and compares them. Texts that are meant for people may differ; exit code 1 when anything
 * else does. The recordings are those of each commit: recordings that only one has are listed.
 */

/** Members whose values are sentences. */
const TEXTS = new Set(['message', 'hint', 'when', 'who', 'detail', 'title', 'text', 'why', 'says']);

/** The parts of a checkout that make documents; the same in all commits that can be compared. */
interface Checkout {
  readonly recordedStory: (minor: number, name: string) => unknown;
  readonly recordedReport: (story: unknown, request: object) => unknown;
  readonly recordedPods: (story: string, snapshot: string) => Promise<unknown>;
  readonly writeJSON: (report: unknown) => string;
  readonly podJSON: (report: unknown) => unknown;
}

/** Each at its newest and at its earlier place. */
const MODULES: readonly (readonly string[])[] = [
  ['test/support/recorded-report.ts'],
  ['test/support/recorded-pods.ts'],
  ['src/report/json.ts', 'src/render/json.ts'],
  ['src/report/pod-json.ts', 'src/render/pod/json.ts'],
];

const REQUEST = { command: 'kubectl trace get pods', objectCount: 1, found: true };
const here = fileURLToPath(new URL('..', import.meta.url));

const [commit] = process.argv.slice(2);
if (commit === undefined) {
  process.stderr.write('error: give the commit to compare with: npm run compare:documents -- COMMIT\n');
  process.exitCode = 2;
} else {
  report(await withCheckout(commit, documentsOf), await documentsOf(here));
}

/** Every document by the name of its recording. */
async function documentsOf(root: string): Promise<Map<string, unknown>> {
  const modules = MODULES.map((paths) => paths.find((path) => existsSync(join(root, path))) ?? paths[0]!);
  const imported = await Promise.all(modules.map((file) => import(pathToFileURL(join(root, file)).href)));
  const checkout = Object.assign({}, ...imported) as Checkout;
  const documents = new Map<string, unknown>();
  const requests = join(root, 'test/fixtures/recorded');
  for (const version of foldersIn(requests)) {
    const minor = Number(/1\.(\d+)/.exec(version)?.[1]);
    for (const file of readdirSync(join(requests, version))) {
      const name = file.replace(/\..*$/, '');
      const story = checkout.recordedStory(minor, name);
      documents.set(`${version} ${name}`, JSON.parse(checkout.writeJSON(checkout.recordedReport(story, REQUEST))));
    }
  }
  const pods = join(root, 'test/fixtures/pods');
  for (const story of foldersIn(pods)) {
    const { snapshots } = JSON.parse(readFileSync(join(pods, story, 'truth.json'), 'utf8')) as { snapshots: object };
    for (const snapshot of Object.keys(snapshots)) {
      const document = checkout.podJSON(await checkout.recordedPods(story, snapshot));
      documents.set(`${story} ${snapshot}`, JSON.parse(JSON.stringify(document, withoutBigint)));
    }
  }
  return documents;
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

function withoutBigint(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function report(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): void {
  const names = [...before.keys()].filter((name) => after.has(name));
  const counts = { identical: 0, texts: 0, other: 0 };
  const differing = new Map<string, number>();
  for (const name of names) {
    const paths = differences(before.get(name), after.get(name));
    for (const path of paths) differing.set(path, (differing.get(path) ?? 0) + 1);
    if (paths.length === 0) counts.identical++;
    else if (paths.every(isText)) counts.texts++;
    else counts.other++;
  }
  process.stdout.write(
    `${names.length} documents: ${counts.identical} identical, ${counts.texts} differ only in texts for people, ${counts.other} in something else\n`,
  );
  for (const [path, count] of differing) process.stdout.write(`${String(count).padStart(6)}  ${path}\n`);
  const alone = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => !before.has(name) || !after.has(name),
  );
  if (alone.length > 0) process.stdout.write(`not compared, only in one of the two: ${alone.join(', ')}\n`);
  if (counts.other > 0 || names.length === 0) process.exitCode = 1;
}

function isText(path: string): boolean {
  return TEXTS.has(/([A-Za-z]+)(?:\[\])?$/.exec(path)?.[1] ?? '');
}

/** Paths of the members that differ, without indexes: `pods[].verdict.message`. Also where only the order of keys does. */
function differences(before: unknown, after: unknown, path = ''): string[] {
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null) {
    return before === after ? [] : [path];
  }
  const isList = Array.isArray(before);
  if (isList !== Array.isArray(after) || Object.keys(before).join() !== Object.keys(after).join()) return [path];
  return Object.entries(before).flatMap(([key, value]) =>
    differences(value, (after as Record<string, unknown>)[key], isList ? `${path}[]` : `${path}.${key}`),
  );
}
