import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileInArchive } from './archive.ts';
import type { NodeBinary } from './pinned.ts';

/** Where the Node.js project's releases are, and whose signatures count. */
export interface Releases {
  /** `https://nodejs.org/dist`, without a slash at the end. */
  readonly base: string;
  /** A keyring as gpgv reads it. */
  readonly keyring: string;
  /** Fingerprints of primary keys: a keyring may hold more than those who release. */
  readonly keys: readonly string[];
}

/** The binary as the Node.js project released it, by its signed list of sums. Rejects with what is wrong. */
export async function officialBinary(binary: NodeBinary, releases: Releases): Promise<Buffer> {
  const folder = `${releases.base}/v${binary.version}`;
  const sums = await signedSums(folder, releases);
  const wanted = sums.get(binary.release);
  if (wanted === undefined) throw new Error(`SHASUMS256.txt does not have ${binary.release}`);
  const release = await download(`${folder}/${binary.release}`);
  const found = hash('sha256', release);
  if (found !== wanted) throw new Error(`${binary.release} has the SHA-256 ${found}, SHASUMS256.txt says ${wanted}`);
  const { member } = binary;
  if (member === undefined) return release;
  return inFolder(async (path) => {
    const archive = join(path, 'release.tar.gz');
    await writeFile(archive, release);
    return fileInArchive(archive, member);
  });
}

/** SHASUMS256.txt by file name, once its signature is that of a release key. */
async function signedSums(folder: string, { keyring, keys }: Releases): Promise<ReadonlyMap<string, string>> {
  const [sums, signature] = await Promise.all(
    ['SHASUMS256.txt', 'SHASUMS256.txt.sig'].map((name) => download(`${folder}/${name}`)),
  );
  await inFolder(async (path) => {
    const [text, detached] = [join(path, 'sums'), join(path, 'sums.sig')];
    await writeFile(text, sums!);
    await writeFile(detached, signature!);
    const signer = await signerOf(text, detached, keyring);
    if (!keys.includes(signer)) throw new Error(`SHASUMS256.txt is signed by ${signer}, which is not a release key`);
  });
  const lines = sums!.toString('utf8').matchAll(/^([0-9a-f]{64}) [ *](\S+)$/gm);
  return new Map([...lines].map(([, sum = '', name = '']) => [name, sum]));
}

/** Fingerprint of the primary key that made a good signature (GnuPG doc/DETAILS, VALIDSIG). */
function signerOf(text: string, signature: string, keyring: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('gpgv', ['--status-fd', '1', '--keyring', keyring, signature, text], (error, stdout, stderr) => {
      const valid = /^\[GNUPG:\] VALIDSIG (?:\S+ ){9}([0-9A-F]{40})$/m.exec(stdout)?.[1];
      const isRevoked = /^\[GNUPG:\] REVKEYSIG /m.test(stdout);
      if (error === null && valid !== undefined && !isRevoked) resolve(valid);
      else reject(new Error(`the signature of SHASUMS256.txt is not good: ${stderr.trim().split('\n').at(-1)}`));
    });
  });
}

async function download(url: string): Promise<Buffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

async function inFolder<T>(work: (path: string) => Promise<T>): Promise<T> {
  const path = await mkdtemp(join(tmpdir(), 'kubectl-trace-node-'));
  try {
    return await work(path);
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}
