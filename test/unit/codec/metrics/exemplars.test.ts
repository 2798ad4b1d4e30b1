import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { exemplarsOf, durationOf } from '../../../../src/codec/metrics/exemplars.ts';
import { parseTraceID, type TraceID } from '../../../../src/trace/ids.ts';
import { family, histogram, type SeriesExemplar } from '../../../support/metrics.ts';

const OURS = parseTraceID('0123456789abcdef0123456789abcdef') as TraceID;
const OTHERS = 'fedcba9876543210fedcba9876543210';
const SPAN = '00f067aa0ba902b7';

const exemplar = (more: Partial<SeriesExemplar> = {}): SeriesExemplar => ({
  labels: { trace_id: OURS, span_id: SPAN },
  value: 0.0125,
  seconds: 1_795_900_000,
  nanos: 520_861_000,
  ...more,
});

suite('exemplars of a trace', () => {
  test('are read with their series, value and time', () => {
    const body = family('apiserver_request_duration_seconds', [
      histogram({ verb: 'GET', resource: 'nodes' }, [exemplar()]),
    ]);
    const [found, ...others] = exemplarsOf(body, OURS) ?? [];
    assert.deepEqual(others, []);
    assert.deepEqual(
      { ...found, labels: { ...found?.labels } },
      {
        metric: 'apiserver_request_duration_seconds',
        labels: { verb: 'GET', resource: 'nodes' },
        spanID: SPAN,
        value: 0.0125,
        time: 1_795_900_000_520_861_000n,
      },
    );
    assert.equal(durationOf(found!), 12_500_000);
  });

  test('are those of no other trace, not even in the same series', () => {
    const foreign = exemplar({ labels: { trace_id: OTHERS, span_id: SPAN } });
    const mixed = exemplar({ labels: { trace_id: OTHERS, span_id: SPAN, note: OURS } });
    const body = Buffer.concat([
      family('first_seconds', [histogram({ of: 'others' }, [foreign])]),
      family('second_seconds', [
        histogram({ of: 'both' }, [foreign, exemplar(), mixed]),
        histogram({ of: OURS }, [foreign]),
      ]),
    ]);
    assert.deepEqual(
      exemplarsOf(body, OURS)?.map(({ metric, labels }) => [metric, labels['of']]),
      [['second_seconds', 'both']],
    );
  });

  test('count once where a native histogram repeats those of the buckets', () => {
    const body = family('stage_seconds', [histogram({}, [exemplar()], [exemplar(), exemplar({ value: 2 })])]);
    assert.deepEqual(
      exemplarsOf(body, OURS)?.map(({ value }) => value),
      [0.0125, 2],
    );
  });

  test('without a usable value, time or span are left out', () => {
    const body = family('stage_seconds', [
      histogram({}, [
        exemplar({ value: Number.NaN }),
        exemplar({ value: -1 }),
        exemplar({ seconds: -5 }),
        exemplar({ nanos: 1_000_000_000 }),
        exemplar({ labels: { trace_id: OURS, span_id: 'none' } }),
      ]),
    ]);
    assert.deepEqual(exemplarsOf(body, OURS), []);
  });

  test('of a duration that cannot be are left out: no request takes 104 days, or began before 1970', () => {
    const impossible = [exemplar({ value: 1e300 }), exemplar({ value: 1e7 }), exemplar({ value: 30, seconds: 29 })];
    assert.deepEqual(exemplarsOf(family('stage_seconds', [histogram({}, impossible)]), OURS), []);
    assert.equal(exemplarsOf(family('body_bytes', [histogram({}, impossible)]), OURS)?.length, 3);
  });

  test('keep label values as they are, and names that objects inherit', () => {
    const labels = { name: '\u001b[31mred\n', constructor: 'x', ['__proto__']: 'y' };
    const [found] = exemplarsOf(family('stage_seconds', [histogram(labels, [exemplar()])]), OURS) ?? [];
    assert.equal(found?.labels['name'], '\u001b[31mred\n');
    assert.equal(found?.labels['constructor'], 'x');
    assert.equal(Object.getPrototypeOf(found?.labels), null);
  });
});

suite('an invalid response', () => {
  const body = family('stage_seconds', [histogram({ of: 'it' }, [exemplar()])]);

  test('is recognized wherever it was cut off', () => {
    for (let end = 1; end < body.length; end++) assert.equal(exemplarsOf(body.subarray(0, end), OURS), undefined);
    assert.deepEqual(exemplarsOf(body.subarray(0, 0), OURS), []);
  });

  test('ends in no exception, whatever its bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(body.length - 1), (bytes, at) => {
        const damaged = Buffer.from(body);
        damaged.set(bytes.subarray(0, damaged.length - at), at);
        exemplarsOf(bytes, OURS);
        exemplarsOf(damaged, OURS);
      }),
    );
  });

  test('is recognized if it is text', () => {
    const text = `# HELP stage_seconds a stage ${OURS}\nstage_seconds_count 1\n`;
    assert.equal(exemplarsOf(Buffer.from(text), OURS), undefined);
  });
});
