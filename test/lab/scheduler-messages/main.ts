import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { isKnown, type SourceMessage } from './known.ts';

/**
 * Lists the messages with which the scheduler of Kubernetes turns a pod away, from its source in the Go module cache
 * (downloaded when it is missing), and fails on one that the table of src/pod/scheduling/ lacks.
 *
 *     node test/lab/scheduler-messages/main.ts           # compares the source with the fixture and the table
 *     node test/lab/scheduler-messages/main.ts --write   # writes the fixture
 */
const VERSIONS = ['1.29.6', '1.31.14', '1.33.13', '1.35.4', '1.37.2'];
const fixture = new URL('../../fixtures/scheduler-messages.json', import.meta.url);

const run = promisify(execFile);
// Outside a module, so that no go.mod limits which versions may be read.
const GO = { env: { ...process.env, GO111MODULE: 'on', GOFLAGS: '-mod=mod', GOWORK: 'off' }, cwd: '/' };

async function moduleFolder(name: string, version: string): Promise<string> {
  const { stdout } = await run('go', ['mod', 'download', '-json', `k8s.io/${name}@${version}`], GO);
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}

async function messagesOf(version: string): Promise<readonly { package: string; text: string }[]> {
  const staging = `v0.${version.replace(/^1\./, '')}`;
  const kubernetes = await moduleFolder('kubernetes', `v${version}`);
  const helpers = await moduleFolder('component-helpers', staging);
  const devices = await moduleFolder('dynamic-resource-allocation', staging);
  const program = new URL('main.go', import.meta.url).pathname;
  const folders = [
    `${kubernetes}/pkg/scheduler`,
    `${helpers}/storage/ephemeral`,
    `${devices}/resourceclaim`,
    // Since 1.30.
    `${devices}/structured`,
  ].filter(existsSync);
  const { stdout } = await run('go', ['run', program, ...folders], { ...GO, maxBuffer: 64 * 1024 * 1024 });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { package: string; text: string });
}

async function messages(): Promise<readonly SourceMessage[]> {
  const found = new Map<string, { packages: Set<string>; versions: Set<string> }>();
  for (const version of VERSIONS) {
    for (const { text, package: name } of await messagesOf(version)) {
      const known = found.get(text) ?? { packages: new Set(), versions: new Set() };
      known.packages.add(name);
      known.versions.add(version);
      found.set(text, known);
    }
  }
  return [...found]
    .map(([text, { packages, versions }]) => ({ text, packages: [...packages].sort(), versions: [...versions] }))
    .sort((one, other) => (one.text < other.text ? -1 : 1));
}

const found = await messages();
// A line for each, so that a new version of Kubernetes shows as added lines.
const text = `[\n${found.map((message) => JSON.stringify(message)).join(',\n')}\n]\n`;
if (process.argv.includes('--write')) writeFileSync(fixture, text);
const failures = [
  ...found
    .filter((message) => !isKnown(message.text))
    .map((message) => `the table lacks ${JSON.stringify(message.text)} (${message.packages.join(', ')})`),
  ...(readFileSync(fixture, 'utf8') === text ? [] : ['test/fixtures/scheduler-messages.json is out of date: --write']),
];
for (const failure of failures) process.stderr.write(`${failure}\n`);
process.stdout.write(`${found.length} messages of Kubernetes ${VERSIONS.join(', ')}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
