import assert from 'node:assert/strict';
import { test } from 'node:test';
import { criticalPath } from '../../../../src/analysis/timing/critical-path.ts';
import { drawTrace } from '../../../support/draw-trace.ts';

/** `name from-to`, in time order. */
const path = (picture: string): string[] =>
  criticalPath(drawTrace(picture)).map(({ span, from, to }) => `${span.span.name} ${from}-${to}`);

test('critical path: a single span is the path', () => {
  assert.deepEqual(path('a |---------|'), ['a 0-10']);
});

test('critical path: adjacent siblings are both on it', () => {
  assert.deepEqual(
    path(`
      apiserver |--------------------|
        first       |-----|
        second            |----|
    `),
    ['apiserver 0-4', 'first 4-10', 'second 10-15', 'apiserver 15-21'],
  );
});

test('critical path: of overlapping siblings it has the last to end, and before that one the last that had ended', () => {
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

test('critical path: a sibling still running when the next began is skipped', () => {
  assert.deepEqual(
    path(`
      parent |-----------------------|
        a      |-------|
        b           |-------------|
    `),
    ['parent 0-7', 'b 7-21', 'parent 21-24'],
  );
});

test('critical path: the slowest of parallel calls is on it', () => {
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

test('critical path: a child may start with the trace, at 0', () => {
  assert.deepEqual(
    path(`
      parent |---------|
        a    |----|
          b  |--|
    `),
    ['b 0-3', 'a 3-5', 'parent 5-10'],
  );
});

test("critical path: a child that ends after the root counts until the root's end", () => {
  assert.deepEqual(
    path(`
      client   |---------|
        server    |----------|
          late           |---|
    `),
    ['client 0-3', 'server 3-10'],
  );
});

test("critical path: a child that began before its parent counts from the parent's start", () => {
  assert.deepEqual(
    path(`
      root      |-----------|
        parent      |---|
          early   |---|
    `),
    ['root 0-4', 'early 4-6', 'parent 6-8', 'root 8-12'],
  );
});

test('critical path: a span of zero length, or after its parent, is not on it', () => {
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

test('critical path: a root of zero length has none', () => {
  assert.deepEqual(
    path(`
      root |
        a  |--|
    `),
    [],
  );
});

test('critical path: a consumer does not block its producer', () => {
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

test('critical path: of children that end together the last to start is on it', () => {
  assert.deepEqual(
    path(`
      parent |---------|
        a      |----|
        b        |--|
    `),
    ['parent 0-4', 'b 4-7', 'parent 7-10'],
  );
});

test('critical path: the trace is not modified', () => {
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
