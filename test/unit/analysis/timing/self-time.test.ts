import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownIntervals, selfTimes } from '../../../../src/analysis/timing/self-time.ts';
import { drawTrace } from '../../../support/draw-trace.ts';

const selfOfRoot = (picture: string): number | undefined => selfTimes(drawTrace(picture))[0];
const ownOfRoot = (picture: string): number[][] =>
  ownIntervals(drawTrace(picture).root).map(({ from, to }) => [from, to]);

test('self time: a span without children has its full duration', () => {
  assert.deepEqual(ownOfRoot('a |---------|'), [[0, 10]]);
});

test('self time: adjacent children are subtracted in full', () => {
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

test('self time: overlapping children are counted once', () => {
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

test('self time: a child as long as its parent leaves zero', () => {
  assert.deepEqual(
    ownOfRoot(`
      parent |---------|
        a    |---------|
    `),
    [],
  );
});

test('self time: children count only within their parent', () => {
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

test('self time: a child of zero length subtracts nothing', () => {
  assert.equal(
    selfOfRoot(`
      parent |---------|
        a        |
    `),
    10,
  );
});

test('self time: grandchildren reduce only their own parent', () => {
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
