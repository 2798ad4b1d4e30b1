import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareBinaries } from './node-binaries/check.ts';
import { packedBinary } from './node-binaries/packed.ts';
import { NODE_BINARIES, RELEASE_KEYS } from './node-binaries/pinned.ts';

/**
 * `npm run node-binaries`: fetches the five packages that are binaries of Node.js and compares each binary with its pinned
 * SHA-256. With `-- --releases https://nodejs.org/dist --keyring FILE` each is compared, byte for byte, with the Node.js
 * project's own archive as well, whose signed sums are verified first. Exit code 1 when one is not as it must be.
 */
const { values } = parseArgs({ options: { releases: { type: 'string' }, keyring: { type: 'string' } } });
const { releases: base, keyring } = values;
if ((base === undefined) !== (keyring === undefined)) {
  process.stderr.write('error: --releases URL and --keyring FILE belong together\n');
  process.exitCode = 2;
} else {
  const releases = base === undefined || keyring === undefined ? undefined : { base, keyring, keys: RELEASE_KEYS };
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-packages-'));
  try {
    const compared = await compareBinaries(NODE_BINARIES, (binary) => packedBinary(binary, folder), releases);
    for (const { package: name, problem } of compared) {
      const good = releases === undefined ? 'as pinned' : "as pinned, and the Node.js project's own";
      process.stdout.write(`${name.padEnd(32)} ${problem ?? good}\n`);
    }
    if (compared.some(({ problem }) => problem !== null)) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
