import { UsageError } from '../../errors.ts';
import type { Runtime } from '../../runtime.ts';
import { readManifests, type Manifest } from './documents.ts';
import { readInput, readInputs } from './files.ts';

/** Reads the objects of files before anything is sent. Rejects with a UsageError when there are none. */
export async function readManifestFiles(
  { names, recursive }: { readonly names: readonly string[]; readonly recursive: boolean },
  verb: string,
  runtime: Runtime,
): Promise<Manifest[]> {
  const inputs = await readInputs(names, recursive, runtime);
  const manifests = await Promise.all(inputs.map(({ text, source }) => readManifests(text, source)));
  const all = manifests.flat();
  if (all.length > 0) return all;
  throw new UsageError('NoObjects', `no objects passed to ${verb}`, { hint: 'the files are empty' });
}

/** Reads a text of the command line, or a file that it names. */
export const readSource = async (
  source: { readonly text: string } | { readonly file: string },
  runtime: Runtime,
): Promise<Uint8Array> => ('text' in source ? Buffer.from(source.text) : readInput(source.file, runtime));
