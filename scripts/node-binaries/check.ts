import { hash } from 'node:crypto';
import { officialBinary, type Releases } from './official.ts';
import type { NodeBinary } from './pinned.ts';

/** How one binary compares; `problem` is null where all is as it must be. */
export interface Comparison {
  readonly package: string;
  readonly problem: string | null;
}

/**
 * Compares each binary with the pinned SHA-256 and, where releases are given, byte for byte with what the Node.js project
 * has released.
 */
export async function compareBinaries(
  binaries: readonly NodeBinary[],
  packed: (binary: NodeBinary) => Promise<Buffer>,
  releases?: Releases,
): Promise<readonly Comparison[]> {
  const compared: Comparison[] = [];
  for (const binary of binaries) {
    compared.push({
      package: `${binary.package}@${binary.version}`,
      problem: await problemOf(binary, packed, releases),
    });
  }
  return compared;
}

async function problemOf(
  binary: NodeBinary,
  packed: (binary: NodeBinary) => Promise<Buffer>,
  releases: Releases | undefined,
): Promise<string | null> {
  try {
    const bytes = await packed(binary);
    const sha256 = hash('sha256', bytes);
    if (sha256 !== binary.sha256) return `${binary.path} has the SHA-256 ${sha256}, pinned is ${binary.sha256}`;
    if (releases === undefined) return null;
    const official = await officialBinary(binary, releases);
    return official.equals(bytes) ? null : `${binary.path} is not the binary in ${binary.release}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
