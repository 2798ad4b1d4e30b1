import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ASCII, chooseLook, UNICODE, type LookWishes } from '../../../src/render/look.ts';

const wishes: LookWishes = { color: 'auto', ascii: false };
const terminal = { isTTY: true, columns: 100 };
const pipe = { isTTY: false, columns: undefined };

const colour = (
  env: Record<string, string>,
  wish: Partial<LookWishes> = {},
  to: typeof terminal | typeof pipe = terminal,
): boolean => chooseLook({ ...wishes, ...wish }, to, env).colour;

test('color is set by the flag, then the environment, then the terminal', () => {
  assert.equal(colour({}), true);
  assert.equal(colour({}, {}, pipe), false);
  assert.equal(colour({ TERM: 'dumb' }), false);
  assert.equal(colour({ NO_COLOR: '1' }), false);
  assert.equal(colour({ NO_COLOR: '' }), true);
  assert.equal(colour({ NO_COLOR: '1', FORCE_COLOR: '1' }), false);
  assert.equal(colour({ FORCE_COLOR: '1' }, {}, pipe), true);
  assert.equal(colour({ FORCE_COLOR: '' }, {}, pipe), false);
  assert.equal(colour({ FORCE_COLOR: '0' }), false);
  assert.equal(colour({ NO_COLOR: '1' }, { color: 'always' }, pipe), true);
  assert.equal(colour({ FORCE_COLOR: '1' }, { color: 'never' }), false);
});

test('width is set by the flag, then the terminal; a pipe has 120 columns, and the minimum is 40', () => {
  const columns = (width: number | undefined, to: { isTTY: boolean; columns: number | undefined }): number =>
    chooseLook({ ...wishes, ...(width === undefined ? {} : { width }) }, to, {}).columns;
  assert.equal(columns(undefined, terminal), 100);
  assert.equal(columns(undefined, pipe), 120);
  assert.equal(columns(undefined, { isTTY: false, columns: 80 }), 120);
  assert.equal(columns(undefined, { isTTY: true, columns: undefined }), 120);
  assert.equal(columns(undefined, { isTTY: true, columns: 0 }), 120);
  assert.equal(columns(undefined, { isTTY: true, columns: 17 }), 40);
  assert.equal(columns(200, terminal), 200);
  assert.equal(columns(10, pipe), 40);
});

test('a locale that is not UTF-8 gets ASCII', () => {
  const glyphs = (env: Record<string, string>, ascii = false): unknown =>
    chooseLook({ ...wishes, ascii }, terminal, env).glyphs;
  assert.equal(glyphs({}), UNICODE);
  assert.equal(glyphs({ LANG: 'de_DE.UTF-8' }), UNICODE);
  assert.equal(glyphs({ LANG: 'C.utf8' }), UNICODE);
  assert.equal(glyphs({ LANG: 'C' }), ASCII);
  assert.equal(glyphs({ LC_ALL: 'POSIX', LANG: 'de_DE.UTF-8' }), ASCII);
  assert.equal(glyphs({ LC_ALL: '', LC_CTYPE: 'UTF-8', LANG: 'C' }), UNICODE);
  assert.equal(glyphs({ LANG: 'de_DE.UTF-8' }, true), ASCII);
});
