import assert from 'node:assert/strict';
import { test } from 'node:test';
import { criticalPath } from '../../../../src/analysis/timing/critical-path.ts';
import { drawTrace } from '../../../support/draw-trace.ts';

/** `name from-to`, in time order. */
const path = (picture: string): string[] =>
  criticalPath(drawTrace(picture)).map(({ span, from, to }) => `${span.span.name} ${from}-${to}`);

test('a span alone is the path', () => {
  assert.deepEqual(path('a |---------|'), ['a 0-10']);
});

test('siblings that touch are both on the path', () => {
  assert.deepEqual(
    path(`
      apiserver |--------------------|
        first       |-----|
        second            |----|
    `),
    ['apiserver 0-4', 'first 4-10', 'second 10-15', 'apiserver 15-21'],
  );
});

test('of siblings that overlap, the one that ended last was waited for, and before it what had ended by then', () => {
  assert.deepEqual(
    path(`
      parent |-----------------------|
        a      |--|
        b         |------|
        c           |--|                  inside b
        d                |------|
    `),
    ['parent 0-2', 'a 2-5', 'b 5-12', 'd 12-19', 'parent 19-24'],
  );
});

test('what still ran when the next began is passed over', () => {
  assert.deepEqual(
    path(`
      parent |-----------------------|
        a      |-------|
        b           |-------------|
    `),
    ['parent 0-7', 'b 7-21', 'parent 21-24'],
  );
});

test('parallel calls: the slowest is the path', () => {
  assert.deepEqual(
    path(`
      parent |------------------|
        fast   |---|
        slow   |--------------|
        middle |------|
    `),
    ['parent 0-2', 'slow 2-17', 'parent 17-19'],
  );
});

test('a child that starts with the trace, at 0', () => {
  assert.deepEqual(
    path(`
      parent |---------|
        a    |----|
          b  |--|
    `),
    ['b 0-3', 'a 3-5', 'parent 5-10'],
  );
});

test("a child that ends after the root counts to the root's end", () => {
  assert.deepEqual(
    path(`
      client   |---------|
        server    |----------|
          late           |---|
    `),
    ['client 0-3', 'server 3-10'],
  );
});

test('a child that began before its parent counts from there on', () => {
  assert.deepEqual(
    path(`
      root      |-----------|
        parent      |---|
          early   |---|
    `),
    ['root 0-4', 'early 4-6', 'parent 6-8', 'root 8-12'],
  );
});

test('a span without a length, or after its parent, is no part of the path', () => {
  assert.deepEqual(
    path(`
      parent |---------|
        a        |
          b      |--|
        after            |---|
    `),
    ['parent 0-10'],
  );
});

test('a root without a length has no path', () => {
  assert.deepEqual(
    path(`
      root |
        a  |--|
    `),
    [],
  );
});

test('a consumer does not hold up its producer', () => {
  assert.deepEqual(
    path(`
      send:producer        |---------|
        receive:consumer     |---|
    `),
    ['send 0-10'],
  );
  assert.deepEqual(
    path(`
      call:client          |---------|
        receive:consumer     |---|
    `),
    ['call 0-2', 'receive 2-6', 'call 6-10'],
  );
});

test('of children that end together the one that started last is taken', () => {
  assert.deepEqual(
    path(`
      parent |---------|
        a      |----|
        b        |--|
    `),
    ['parent 0-4', 'b 4-7', 'parent 7-10'],
  );
});

test('the path is found without touching the trace', () => {
  const trace = drawTrace(`
    parent |---------|
      a      |------|
      b      |--|
  `);
  const before = trace.root.children.map(({ span }) => span.name);
  criticalPath(trace);
  assert.deepEqual(
    trace.root.children.map(({ span }) => span.name),
    before,
  );
});
