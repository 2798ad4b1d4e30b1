import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { create } from 'tar';

/** An archive laid out as envtest's. */
export interface MadeArchive {
  readonly bytes: Buffer;
  readonly sha512: string;
}

const FOLDER = 'controller-tools/envtest';

/** Packs programs, whose content stands behind their names. */
export async function makeEnvtest(t: TestContext, programs: Readonly<Record<string, string>>): Promise<MadeArchive> {
  const root = await mkdtemp(join(tmpdir(), 'kubectl-trace-envtest-'));
  t.after(() => rm(root, { recursive: true }));
  await mkdir(join(root, FOLDER), { recursive: true });
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(root, FOLDER, name), text);
    await chmod(join(root, FOLDER, name), 0o755);
  }
  const file = join(root, 'archive.tar.gz');
  await create({ file, cwd: root, gzip: true }, ['controller-tools']);
  const bytes = await readFile(file);
  return { bytes, sha512: createHash('sha512').update(bytes).digest('hex') };
}

/** Serves bytes, or the range of them that is requested. */
export function serveRange(bytes: Buffer, request: IncomingMessage, response: ServerResponse): void {
  const first = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const rest = bytes.subarray(first);
  const isPart = request.headers.range !== undefined;
  response.writeHead(isPart ? 206 : 200, {
    'content-length': rest.length,
    ...(isPart && { 'content-range': `bytes ${first}-${bytes.length - 1}/${bytes.length}` }),
  });
  response.end(rest);
}

/** Announces all of the bytes, sends the first half of them, and breaks the connection. */
export function serveHalf(bytes: Buffer, response: ServerResponse): void {
  response.writeHead(200, { 'content-length': bytes.length });
  response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
}
