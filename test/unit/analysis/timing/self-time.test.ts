import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownIntervals, selfTimes } from '../../../../src/analysis/timing/self-time.ts';
import { drawTrace } from '../../../support/draw-trace.ts';

const selfOfRoot = (picture: string): number | undefined => selfTimes(drawTrace(picture))[0];
const ownOfRoot = (picture: string): number[][] =>
  ownIntervals(drawTrace(picture).root).map(({ from, to }) => [from, to]);

test('a span without children is all its own', () => {
  assert.deepEqual(ownOfRoot('a |---------|'), [[0, 10]]);
});

test('children that touch cover what they cover', () => {
  assert.deepEqual(
    ownOfRoot(`
      parent |---------|
        a      |--|
        b         |--|
    `),
    [
      [0, 2],
      [8, 10],
    ],
  );
});

test('children that overlap are counted once', () => {
  assert.equal(
    selfOfRoot(`
      parent |---------|
        a      |----|
        b        |----|
        c       |-|           inside a
    `),
    3,
  );
});

test('a child from the first to the last moment leaves nothing', () => {
  assert.deepEqual(
    ownOfRoot(`
      parent |---------|
        a    |---------|
    `),
    [],
  );
});

test('children count only inside their parent', () => {
  assert.deepEqual(
    ownOfRoot(`
      parent      |---------|
        early  |----|
        late               |------|
        after                 |---|
    `),
    [[2, 9]],
  );
});

test('a child without a length covers nothing', () => {
  assert.equal(
    selfOfRoot(`
      parent |---------|
        a        |
    `),
    10,
  );
});

test('grandchildren cover their parent, not its parent', () => {
  assert.deepEqual(
    selfTimes(
      drawTrace(`
        a     |---------|
          b     |----|
            c    |--|
      `),
    ),
    [5, 2, 3],
  );
});
