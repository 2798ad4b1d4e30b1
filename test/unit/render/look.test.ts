import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ASCII, chooseLook, UNICODE, type LookWishes } from '../../../src/render/look.ts';
import type { Terminal } from '../../../src/runtime.ts';
import { LINUX, MACOS, WINDOWS } from '../../support/platforms.ts';

const wishes: LookWishes = { color: 'auto' };
const terminal: Terminal = { isTTY: true, columns: 100 };
const pipe: Terminal = { isTTY: false, columns: undefined };
const dumb: Terminal = { isTTY: true, columns: 100, isDumb: true };

const colour = (env: Record<string, string>, wish: Partial<LookWishes> = {}, outTerminal = terminal): boolean =>
  chooseLook({ ...wishes, ...wish }, { outTerminal, env, platform: LINUX }).colour;

test('color is set by the flag, then the environment, then the terminal', () => {
  assert.equal(colour({}), true);
  assert.equal(colour({}, {}, pipe), false);
  assert.equal(colour({}, {}, dumb), false);
  assert.equal(colour({ FORCE_COLOR: '1' }, {}, dumb), true);
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
  const columns = (width: number | undefined, outTerminal: Terminal): number =>
    chooseLook({ ...wishes, ...(width === undefined ? {} : { width }) }, { outTerminal, env: {}, platform: LINUX })
      .columns;
  assert.equal(columns(undefined, terminal), 100);
  assert.equal(columns(undefined, pipe), 120);
  assert.equal(columns(undefined, { isTTY: false, columns: 80 }), 120);
  assert.equal(columns(undefined, { isTTY: true, columns: undefined }), 120);
  assert.equal(columns(undefined, { isTTY: true, columns: 0 }), 120);
  assert.equal(columns(undefined, { isTTY: true, columns: 17 }), 40);
  assert.equal(columns(200, terminal), 200);
  assert.equal(columns(10, pipe), 40);
});

const glyphs = (env: Record<string, string>, platform = LINUX, outTerminal = terminal, ascii?: boolean): unknown =>
  chooseLook({ ...wishes, ...(ascii !== undefined && { ascii }) }, { outTerminal, env, platform }).glyphs;

test('a locale that is not UTF-8 gets ASCII', () => {
  for (const platform of [LINUX, MACOS, WINDOWS]) {
    assert.equal(glyphs({ LANG: 'de_DE.UTF-8' }, platform), UNICODE);
    assert.equal(glyphs({ LANG: 'C.utf8' }, platform), UNICODE);
    assert.equal(glyphs({ LANG: 'C.utf8' }, platform, pipe), UNICODE);
    assert.equal(glyphs({ LANG: 'C' }, platform), ASCII);
    assert.equal(glyphs({ LC_ALL: 'POSIX', LANG: 'de_DE.UTF-8' }, platform), ASCII);
    assert.equal(glyphs({ LC_ALL: '', LC_CTYPE: 'UTF-8', LANG: 'C' }, platform), UNICODE);
  }
});

test('without a locale it is Unicode, on Windows on terminals that have all characters', () => {
  for (const platform of [LINUX, MACOS]) {
    assert.equal(glyphs({}, platform), UNICODE);
    assert.equal(glyphs({}, platform, pipe), UNICODE);
  }
  for (const env of [{ WT_SESSION: '4a2d' }, { TERM_PROGRAM: 'vscode' }, { CONEMUANSI: 'ON' }, { TERM: 'xterm' }]) {
    assert.equal(glyphs(env, WINDOWS), UNICODE);
    assert.equal(glyphs(env, WINDOWS, pipe), ASCII);
  }
  for (const env of [{}, { WT_SESSION: '' }, { TERM: 'cygwin' }]) assert.equal(glyphs(env, WINDOWS), ASCII);
});

test('--ascii decides before both', () => {
  assert.equal(glyphs({ LANG: 'de_DE.UTF-8' }, LINUX, terminal, true), ASCII);
  assert.equal(glyphs({ LANG: 'C' }, LINUX, terminal, false), UNICODE);
  assert.equal(glyphs({}, WINDOWS, pipe, false), UNICODE);
});
