import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../../scripts/cache-folder.ts';
import { withLock } from './cache.ts';

const version = '3.6.1';
/** Checksum of zipkin-server-3.6.1-slim.jar, from Maven Central. */
const sha256 = '981b1de6139b4f8f787a909c308028732f9713ae5284353d2a5aa404d1094775';
const oldestJava = 17;

/** How Zipkin is started, or why it cannot be. */
export type Zipkin = { readonly java: string; readonly jar: string } | { readonly missing: string };

/** Zipkin's server, fetched once by Maven and checked. Without Java or Maven it is said what to install. */
export async function zipkin(
  progress: (line: string) => void = (line) => void process.stderr.write(`${line}\n`),
): Promise<Zipkin> {
  const java = await javaVersion();
  if (java === undefined || java < oldestJava) {
    const have = java === undefined ? 'there is no java on the PATH' : `java is ${java}`;
    return { missing: `Zipkin ${version} needs Java ${oldestJava} or later, and ${have}` };
  }
  const jar = process.env['KUBECTL_TRACE_TEST_ZIPKIN_JAR'] || cachedJar();
  if (existsSync(jar)) return { java: 'java', jar };
  const waiting = (holder: number): void =>
    progress(`waiting for process ${holder}, which is fetching Zipkin ${version}`);
  try {
    await withLock(`${jar}.lock`, () => fetchJar(jar, progress), waiting, new AbortController().signal);
  } catch (error) {
    const why = (error as { code?: string }).code === 'ENOENT' ? 'there is no mvn on the PATH' : String(error);
    return { missing: `Zipkin ${version} is fetched by Maven: ${why}` };
  }
  return { java: 'java', jar };
}

const cachedJar = (): string => join(cacheFolder('servers'), `zipkin-${version}-${sha256.slice(0, 12)}`, 'zipkin.jar');

/** 17 for `openjdk version "17.0.15"`; undefined without Java. */
async function javaVersion(): Promise<number | undefined> {
  const answer = await promisify(execFile)('java', ['-version']).catch(() => undefined);
  const major = /version "(\d+)/.exec(answer?.stderr ?? '')?.[1];
  return major === undefined ? undefined : Number(major);
}

async function fetchJar(jar: string, progress: (line: string) => void): Promise<void> {
  if (existsSync(jar)) return;
  progress(`fetching Zipkin ${version} (once, 86 MB, cached in ${dirname(jar)})`);
  await mkdir(dirname(jar), { recursive: true });
  const repository = await mkdtemp(join(dirname(jar), 'maven-'));
  try {
    const artifact = `-Dartifact=io.zipkin:zipkin-server:${version}:jar:slim`;
    const local = `-Dmaven.repo.local=${repository}`;
    await promisify(execFile)('mvn', ['-q', '-B', 'dependency:get', artifact, '-Dtransitive=false', local]);
    const fetched = join(repository, 'io/zipkin/zipkin-server', version, `zipkin-server-${version}-slim.jar`);
    const hash = createHash('sha256')
      .update(await readFile(fetched))
      .digest('hex');
    if (hash !== sha256) throw new Error(`the jar that came has the checksum ${hash}, and not ${sha256}`);
    await rename(fetched, jar);
  } finally {
    await rm(repository, { recursive: true, force: true });
  }
}
