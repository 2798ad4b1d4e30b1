import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { decisiveLine } from '../../../src/pod/causes/evidence.ts';
import type { Evidence } from '../../../src/pod/verdict.ts';

const lineOf = (...lines: readonly string[]): string | undefined =>
  decisiveLine([{ kind: 'event', text: 'BackOff: error' }, ...lines.map((text): Evidence => ({ kind: 'log', text }))])
    ?.text;

suite('the line of a log that is shown with the reason', () => {
  test('is the last one that names an error', () => {
    const java = 'java.lang.IllegalStateException: DB_URL is required';
    assert.equal(lineOf('starting', java, '\tat com.example.Main.main(Main.java:3)'), java);
    assert.equal(lineOf('warning: error 1', 'error: no configuration', 'bye'), 'error: no configuration');
    assert.equal(
      lineOf('level=fatal msg="dial tcp 10.0.0.1:5432: connect: connection refused"', 'exit'),
      'level=fatal msg="dial tcp 10.0.0.1:5432: connect: connection refused"',
    );
  });

  test('is the last one where none does, and none without a log', () => {
    assert.equal(lineOf('starting', 'stopped'), 'stopped');
    assert.equal(lineOf(), undefined);
  });
});
