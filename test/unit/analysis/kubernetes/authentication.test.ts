import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authenticationOf, authenticationWindow } from '../../../../src/analysis/kubernetes/authentication.ts';
import type { Span } from '../../../../src/trace/span.ts';
import { after, nanosFromMillis, type EpochNanos } from '../../../../src/trace/time.ts';
import { span } from '../../../support/spans.ts';

const CONNECTED = span({}).start;
const at = (millis: number): EpochNanos => after(CONNECTED, nanosFromMillis(millis));

/** The request's root span, from 3 to 8 ms, by a server's clock that is so far ahead. */
const root = (ahead: number): Span => span({ id: '2', kind: 'server', start: at(ahead + 3), end: at(ahead + 8) });
const authentication = (from: number, to: number, id = '3'): Span =>
  span({ trace: 'b1', id, name: 'authentication', start: at(from), end: at(to) });

/** The client was connected at 0, and had its answer at 10 ms, by its own clock. */
const joined = (ahead: number, ...candidates: Span[]): Span | undefined =>
  authenticationOf(candidates, authenticationWindow(root(ahead), CONNECTED, at(10)));

for (const ahead of [0, 1, -1, 500, -500, 86_400_000]) {
  test(`a server with a clock ${ahead} ms ahead: its authentication span is found by its own clock`, () => {
    const own = authentication(ahead + 1, ahead + 8.1);
    assert.equal(joined(ahead, own), own);
  });

  test(`a server with a clock ${ahead} ms ahead: two matching authentication spans are ambiguous, and none is used`, () => {
    assert.equal(
      joined(ahead, authentication(ahead + 1, ahead + 8), authentication(ahead + 2, ahead + 8, '4')),
      undefined,
    );
  });

  test(`a server with a clock ${ahead} ms ahead: a span long before or after the root belongs to another request`, () => {
    assert.equal(joined(ahead, authentication(ahead - 20, ahead + 8)), undefined);
    assert.equal(joined(ahead, authentication(ahead + 3.1, ahead + 8)), undefined);
  });
}

test('an authentication span is a root of the same process with this name', () => {
  const own = authentication(1, 8);
  assert.equal(joined(0, { ...own, name: 'audit' }), undefined);
  assert.equal(joined(0, span({ ...own, trace: 'b1', parent: '9' })), undefined);
  const other = { service: 'apiserver', attributes: { 'service.instance.id': 'another' } };
  assert.equal(joined(0, { ...own, resource: other }), undefined);
});
