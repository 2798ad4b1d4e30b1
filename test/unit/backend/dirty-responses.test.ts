import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { suite, test, type TestContext } from 'node:test';
import type { BackendKind, Lookup } from '../../../src/backend/backend.ts';
import { openBackend } from '../../../src/backend/registry.ts';
import { parseTraceID } from '../../../src/trace/ids.ts';
import { systemClock } from '../kube/fixture.ts';
import { serve } from '../../support/http-server.ts';
import { never, routes, say, shop, type BackendResponse } from './jaeger-server.ts';

/** What a backend may put into a span, in its own format; what is not given is left out of the answer altogether. */
interface Dirt {
  readonly traceID?: string;
  readonly spanID?: string;
  /** The text of a JSON value, so that it may be a number that JavaScript has no double for. */
  readonly start?: string;
  readonly duration?: string;
  readonly attribute?: string;
}

const SPAN = '00f067aa0ba902b7';
const NANOS = '1795478400000000123';
const member = (name: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [`"${name}":${value}`];
const text = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : JSON.stringify(value);
const object = (...members: readonly (readonly string[])[]): string => `{${members.flat().join()}}`;

const otlpSpan = ({ traceID, spanID, start = `"${NANOS}"`, duration = `"${NANOS}"`, attribute }: Dirt): string =>
  object(
    member('traceId', text(traceID)),
    member('spanId', text(spanID)),
    member('startTimeUnixNano', start),
    member('endTimeUnixNano', duration),
    member('attributes', attribute === undefined ? undefined : `[{"key":"dirt","value":${attribute}}]`),
  );
const inResource = (span: string): string => `[{"scopeSpans":[{"spans":[${span}]}]}]`;

/** A trace of one span as each kind answers it, and where. */
const KINDS: readonly (readonly [BackendKind, path: string, answer: (dirt: Dirt) => string])[] = [
  ['jaeger', '/api/v3/traces/', (dirt) => `{"result":{"resourceSpans":${inResource(otlpSpan(dirt))}}}`],
  ['tempo', '/api/v2/traces/', (dirt) => `{"trace":{"resourceSpans":${inResource(otlpSpan(dirt))}},"metrics":{}}`],
  ['tempo', '/api/traces/', (dirt) => `{"batches":${inResource(otlpSpan(dirt))}}`],
  [
    'victoriatraces',
    '/select/tempo/api/v2/traces/',
    (dirt) => `{"trace":{"resourceSpans":${inResource(otlpSpan(dirt))}}}`,
  ],
];

const json = { 'content-type': 'application/json' };
const elsewhere: BackendResponse = say(404, '404 page not found\n');

async function lookUp(
  t: TestContext,
  kind: BackendKind,
  path: string,
  answer: BackendResponse,
  id = shop,
): Promise<Lookup> {
  const { url } = await serve(t, routes([path, answer], ['/', elsewhere]));
  const options = { fetch, random: (size: number) => randomBytes(size), clock: systemClock };
  return openBackend({ kind, url }, options).byID(id, never);
}

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

for (const [kind, path, answer] of KINDS) {
  suite(`${kind}, ${path}`, () => {
    const spanOf = async (t: TestContext, dirt: Dirt, id = shop): Promise<unknown> => {
      const lookup = await lookUp(t, kind, path, say(200, answer(dirt), json), id);
      assert.equal(lookup.status, 'found');
      const [span] = lookup.spans;
      return { traceID: span?.traceID, spanID: span?.spanID, start: span?.start, dirt: span?.attributes['dirt'] };
    };
    const clean = { traceID: shop, spanID: SPAN, start: BigInt(NANOS), dirt: undefined };

    for (const [what, dirt, wanted = {}] of [
      ['hexadecimal IDs', { traceID: shop, spanID: SPAN }],
      ['IDs in upper case', { traceID: shop.toUpperCase(), spanID: SPAN.toUpperCase() }],
      ['IDs in base64', { traceID: base64(shop), spanID: base64(SPAN) }],
      [
        'IDs in base64 without padding',
        { traceID: base64(shop).replace(/=+$/, ''), spanID: base64(SPAN).replace(/=+$/, '') },
      ],
      ['a span ID without its leading zeros', { traceID: shop, spanID: SPAN.replace(/^0+/, '') }],
      ['times as numbers beyond 2^53', { traceID: shop, spanID: SPAN, start: NANOS, duration: NANOS }],
      ['NaN', { traceID: shop, spanID: SPAN, attribute: '{"doubleValue":"NaN"}' }, { dirt: Number.NaN }],
      ['infinity', { traceID: shop, spanID: SPAN, attribute: '{"doubleValue":"-Infinity"}' }, { dirt: -Infinity }],
      [
        'an integer as text',
        { traceID: shop, spanID: SPAN, attribute: '{"intValue":"9223372036854775807"}' },
        { dirt: 9223372036854775807n },
      ],
      [
        'an integer as a number',
        { traceID: shop, spanID: SPAN, attribute: '{"intValue":9223372036854775807}' },
        { dirt: 9223372036854775807n },
      ],
      ['an attribute without a value', { traceID: shop, spanID: SPAN, attribute: '{}' }, { dirt: null }],
    ] as readonly (readonly [string, Dirt, object?])[]) {
      test(what, async (t) => assert.deepEqual(await spanOf(t, dirt), { ...clean, ...wanted }));
    }

    test('an ID of 64 bits, with or without leading zeros', async (t) => {
      const id = parseTraceID('a3ce929d0e0e4736')!;
      for (const traceID of [id, 'a3ce929d0e0e4736', base64(id)]) {
        assert.deepEqual(await spanOf(t, { traceID, spanID: SPAN }, id), { ...clean, traceID: id });
      }
    });

    test('a span without IDs or times is left out, and reported if there is no other span', async (t) => {
      for (const dirt of [
        { spanID: SPAN },
        { traceID: shop },
        { traceID: shop, spanID: 'xyz' },
        { traceID: shop, spanID: SPAN, start: '-1' },
      ]) {
        const lookup = await lookUp(t, kind, path, say(200, answer(dirt), json));
        assert.equal(lookup.status === 'failed' && lookup.reason, 'BackendAnswerMalformed');
        assert.match(
          lookup.status === 'failed' ? lookup.message : '',
          /the only span in the response has no valid ID or time/,
        );
      }
    });

    test('200 without a trace', async (t) => {
      const none = answer({}).replace(/\[\{"scopeSpans.*\}\]\}\]/, '[]');
      for (const body of [none, none.replace('[]', 'null')]) {
        assert.deepEqual(await lookUp(t, kind, path, say(200, body, json)), { status: 'absent' });
      }
    });

    test('a trace other than the requested one', async (t) => {
      const lookup = await lookUp(t, kind, path, say(200, answer({ traceID: 'f'.repeat(32), spanID: SPAN }), json));
      assert.deepEqual(lookup, { status: 'absent' });
    });

    test('half a response, and random bytes', async (t) => {
      const half = await lookUp(t, kind, path, say(200, answer({ traceID: shop, spanID: SPAN }).slice(0, -9), json));
      assert.equal(half.status, 'unavailable');
      for (const body of ['', 'null', '7', '"x"', '[]', '\0\0']) {
        const lookup = await lookUp(t, kind, path, say(200, body, json));
        assert.equal(lookup.status, 'failed', body);
      }
    });
  });
}
