import { createWriteStream } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { create } from 'tar';
import { ZipFile } from 'yazl';

/** A file of an archive. */
export interface ArchivedFile {
  readonly name: string;
  readonly mode: number;
}

/** Writes an archive of files in `folder`, the same bytes for the same files and time. */
export async function writeArchive(
  archive: string,
  folder: string,
  files: readonly ArchivedFile[],
  time: Date,
): Promise<void> {
  for (const { name, mode } of files) await chmod(`${folder}/${name}`, mode);
  if (archive.endsWith('.zip')) return writeZip(archive, folder, files, time);
  // "portable" leaves out owners and all other times.
  await create(
    { file: archive, cwd: folder, gzip: { level: 9 }, portable: true, mtime: time, noDirRecurse: true },
    files.map(({ name }) => name),
  );
}

async function writeZip(archive: string, folder: string, files: readonly ArchivedFile[], time: Date): Promise<void> {
  const zip = new ZipFile();
  for (const { name, mode } of files) {
    zip.addFile(`${folder}/${name}`, name, { mtime: time, mode, compressionLevel: 9 });
  }
  zip.end();
  await finished(zip.outputStream.pipe(createWriteStream(archive)));
}
