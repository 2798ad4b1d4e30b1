import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { listQuery } from '../../../src/serve/query/list-query.ts';

const NOW = BigInt(Date.UTC(2026, 10, 23, 12)) * 1_000_000n;
const at = (text: string): bigint => BigInt(Date.parse(text)) * 1_000_000n;
const query = (text: string) => listQuery(new URLSearchParams(text), NOW);

suite('the search of the start page', () => {
  test('without a condition lists the latest traces, 50 or as many as the limit', () => {
    assert.deepEqual(query(''), { limit: 50, search: undefined });
    assert.deepEqual(query('service=&operation=&tag=&tag=&from=&lookback=%20'), { limit: 50, search: undefined });
    assert.deepEqual(query('limit=200'), { limit: 200, search: undefined });
    assert.equal(query('limit=9999').limit, 1000);
  });

  test('has every condition of the form', () => {
    const { search } = query(
      'service=a&operation=GET&tag=code:500&tag=url:http://b&minDuration=100ms&maxDuration=1m30s&from=2026-11-23T08:00&until=2026-11-23T09:00:01',
    );
    assert.deepEqual(search, {
      service: 'a',
      operation: 'GET',
      attributes: { code: '500', url: 'http://b' },
      minDuration: 100_000_000n,
      maxDuration: 90_000_000_000n,
      from: at('2026-11-23T08:00Z'),
      to: at('2026-11-23T09:00:01Z'),
      limit: 50,
    });
  });

  test('looks back from now, or from its end', () => {
    assert.equal(query('service=a&lookback=2h').search?.from, at('2026-11-23T10:00Z'));
    assert.equal(query('service=a').search?.from, at('2026-11-21T12:00Z'));
    assert.equal(query('service=a&lookback=1h&until=2026-11-23').search?.from, at('2026-11-22T23:00Z'));
  });

  const refused: readonly (readonly [query: string, message: RegExp])[] = [
    ['operation=GET', /choose a service/],
    ['tag=a:b', /choose a service/],
    ['service=a&tag=no-colon', /expecting key:value, received: no-colon/],
    ['service=a&minDuration=fast', /"fast" is not a duration such as 1\.5s/],
    ['service=a&minDuration=2s&maxDuration=1s', /"At least" is longer than "At most"/],
    ['service=a&from=yesterday', /"yesterday" is not a time such as 2026-11-23T08:00, in UTC/],
    ['service=a&until=2026-13-45', /"2026-13-45" is not a time/],
    ['service=a&from=1960-01-01', /"1960-01-01" is not a time/],
    ['service=a&from=2026-11-23T09:00&until=2026-11-23T08:00', /begins after its end/],
    ['limit=many', /"many" is not a number of traces/],
    ['service=a&limit=0', /"0" is not a number of traces/],
  ];
  for (const [text, message] of refused) test(`refuses ${text}`, () => assert.throws(() => query(text), { message }));
});
