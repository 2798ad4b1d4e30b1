import { tracedVersions } from '../cluster/versions.ts';
import { record } from './recorder.ts';

/** `npm run record -- VERSION…`: writes test/fixtures/recorded/ again for these versions of Kubernetes. */
const versions = process.argv.slice(2);
const unknown = versions.filter((version) => !tracedVersions.includes(version));
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

if (versions.length === 0 || unknown.length > 0) {
  process.stderr.write(`usage: npm run record -- VERSION…, of ${tracedVersions.join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const version of versions) {
    try {
      process.stderr.write(`recording ${version}\n`);
      process.stderr.write(`recorded ${await record(version, interrupted.signal)} requests to ${version}\n`);
    } catch (error) {
      process.stderr.write(`error: ${version}: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
      if (interrupted.signal.aborted) break;
    }
  }
}
