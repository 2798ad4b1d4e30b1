import { tracedVersions } from '../cluster/versions.ts';
import { record } from './recorder.ts';
import { stories } from './stories.ts';

/**
 * `npm run record -- VERSION… [STORY…]`: writes test/fixtures/recorded/ again for these versions of Kubernetes; all
 * stories, or only these.
 */
const words = process.argv.slice(2);
const isVersion = (word: string): boolean => /^\d/.test(word);
const versions = words.filter(isVersion);
const every = stories.map(({ name }) => name);
const named = words.filter((word) => !isVersion(word));
const unknown = [
  ...versions.filter((version) => !tracedVersions.includes(version)),
  ...named.filter((name) => !every.includes(name)),
];
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

if (versions.length === 0 || unknown.length > 0) {
  process.stderr.write(
    `usage: npm run record -- VERSION… [STORY…]\nversions: ${tracedVersions.join(', ')}\nstories: ${every.join(', ')}\n`,
  );
  process.exitCode = 2;
} else {
  for (const version of versions) {
    try {
      process.stderr.write(`recording ${version}\n`);
      process.stderr.write(
        `recorded ${await record(version, new Set(named.length === 0 ? every : named), interrupted.signal)} requests to ${version}\n`,
      );
    } catch (error) {
      process.stderr.write(`error: ${version}: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
      if (interrupted.signal.aborted) break;
    }
  }
}
