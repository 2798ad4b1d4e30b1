import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Program } from './versions.ts';

/** Without GOTOOLCHAIN=local an older Go would silently download a newer one; cgo would need a C compiler. */
export function goEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local', GOWORK: 'off', CGO_ENABLED: '0' };
}

/** More programs than these are a list below the sentence. */
const MAX_IN_SENTENCE = 4;

/** Why Go cannot build the programs, and what to do; undefined where it can. */
export async function goFault(programs: readonly Program[], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const required = await requiredGo(programs);
  const isLong = programs.length > MAX_IN_SENTENCE;
  const each = programs.map(({ name, version, variable }) => ({ title: `${name} ${version}`, variable }));
  const names = isLong ? `${programs.length} programs` : each.map(({ title }) => title).join(', ');
  const assets = programs.flatMap(({ asset }) => asset ?? []);
  const advice =
    `install Go ${required.text} or later (https://go.dev/dl/) and run this again, ` +
    `or name ready executables in ${isLong ? 'the variables below' : each.map(({ variable }) => variable).join(', ')}` +
    (assets.length === 0 ? '' : `, or a folder with ${assets.join(', ')} in KUBEBUILDER_ASSETS`) +
    (isLong ? each.map(({ title, variable }) => `\n  ${title.padEnd(32)} ${variable}`).join('') : '');
  const reported = await promisify(execFile)('go', ['env', 'GOVERSION'], { env: goEnvironment(env) }).catch(
    () => undefined,
  );
  if (reported === undefined) {
    return `the test cluster needs ${names}, to be built with Go, and there is no go on the PATH: ${advice}`;
  }
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(reported.stdout) ?? [];
  if (orderOf(major, minor) >= required.order) return undefined;
  return `the test cluster needs ${names}, and ${reported.stdout.trim()} is too old to build them: ${advice}`;
}

/** The newest version of Go that one of their modules requires. */
async function requiredGo(programs: readonly Program[]): Promise<{ readonly text: string; readonly order: number }> {
  let newest = { text: '', order: 0 };
  for (const folder of new Set(programs.map(({ module }) => module))) {
    const [, text = '', major, minor] =
      /^go ((\d+)\.(\d+))/m.exec(await readFile(join(folder, 'go.mod'), 'utf8')) ?? [];
    if (orderOf(major, minor) > newest.order) newest = { text, order: orderOf(major, minor) };
  }
  return newest;
}

const orderOf = (major?: string, minor?: string): number => Number(major) * 1000 + Number(minor);
