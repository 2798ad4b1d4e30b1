import { existsSync, readdirSync, readFileSync } from 'node:fs';

const FIXTURES = new URL('../../fixtures/', import.meta.url);

/** The inputs in `test/fixtures/fuzz/TARGET/`, including those found by fuzzing, and these fixtures of other tests. */
export function corpusOf(target: string, ...paths: readonly string[]): readonly Buffer[] {
  const folder = new URL(`fuzz/${target}/`, FIXTURES);
  const own = existsSync(folder) ? readdirSync(folder).toSorted() : [];
  return [...own.map((name) => readFileSync(new URL(name, folder))), ...fixtures(...paths)];
}

/** Files below test/fixtures. */
export const fixtures = (...paths: readonly string[]): readonly Buffer[] =>
  paths.map((path) => readFileSync(new URL(path, FIXTURES)));

/** A JSON fixture without its blanks: mutations are to hit what counts. Other bytes, which fuzzing found, stay as they are. */
export function compact(bytes: Buffer): Buffer {
  try {
    return Buffer.from(JSON.stringify(JSON.parse(bytes.toString('utf8'))));
  } catch {
    return bytes;
  }
}
