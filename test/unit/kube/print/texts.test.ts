import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseInteger } from '../../../../src/cli/integer.ts';
import { goDuration } from '../../../../src/kube/connect/go-duration.ts';
import { ageText } from '../../../../src/format/age.ts';
import { naturally } from '../../../../src/kube/print/natural-order.ts';
import { valueText } from '../../../../src/kube/print/value-text.ts';
import { readsAsText, styleOf } from '../../../../src/kube/print/yaml-scalar.ts';
import { writeYAML } from '../../../../src/kube/print/yaml.ts';
import { nanos } from '../../../../src/trace/time.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

suite('an age has two or three figures', () => {
  for (const [seconds, text] of [
    [-2, '<invalid>'],
    [-1.5, '0s'],
    [0.9, '0s'],
    [119.9, '119s'],
    [120, '2m'],
    [9 * MINUTE + 59, '9m59s'],
    [10 * MINUTE + 59, '10m'],
    [179 * MINUTE, '179m'],
    [3 * HOUR, '3h'],
    [7 * HOUR + 59 * MINUTE, '7h59m'],
    [47 * HOUR + 59 * MINUTE, '47h'],
    [2 * DAY, '2d'],
    [7 * DAY + 23 * HOUR, '7d23h'],
    [729 * DAY, '729d'],
    [730 * DAY, '2y'],
    [800 * DAY, '2y70d'],
    [8 * 365 * DAY, '8y'],
  ] as const) {
    test(text, () => assert.equal(ageText(seconds), text));
  }
});

test('values in cells are those of Go', () => {
  assert.deepEqual([1e6, 1234567.5, 0.00001, 0.5, 100000.5, -0.25, true, ['a', 1], { b: 1, a: null }].map(valueText), [
    '1000000',
    '1.2345675e+06',
    '1e-05',
    '0.5',
    '100000.5',
    '-0.25',
    'true',
    '[a 1]',
    'map[a:<nil> b:1]',
  ]);
});

test('keys come in natural order', () => {
  const keys = ['b', 'a10', 'a2', 'B', '1', 'a-b', 'ab', 'a.b', 'a02', 'é', '10', '9'];
  assert.deepEqual(keys.sort(naturally), ['1', '9', '10', 'B', 'a-b', 'a.b', 'a2', 'a02', 'a10', 'ab', 'b', 'é']);
});

test('what YAML takes for something else is no text', () => {
  for (const text of ['', 'yes', 'Off', '~', '0x1f', '017', '1_000', '+1', '1e3', '.5', '2020-01-01', '1:30', '.inf']) {
    assert.equal(readsAsText(text), false, text);
    assert.equal(styleOf(text, false), 'double', text);
  }
  for (const text of ['yess', 'a', '0x', '2020-13-01', '1:90', '1e999', '-', '.', 'é', '<<']) {
    assert.equal(readsAsText(text), true, text);
  }
});

test('YAML is nested, folded and quoted as go-yaml does it', () => {
  const long = `${'word '.repeat(20)}end`;
  assert.equal(
    writeYAML({ list: [{ a: 1, b: [[1], []] }], text: 'one\ntwo', long, empty: {}, no: "it's: so" }),
    `empty: {}
list:
- a: 1
  b:
  - - 1
  - []
long: ${'word '.repeat(16).trimEnd()}
  ${'word '.repeat(4)}end
"no": 'it''s: so'
text: |-
  one
  two
`,
  );
});

test('durations are written as Go writes them', () => {
  for (const [millis, text] of [
    [300, '300ms'],
    [1500, '1.5s'],
    [60_000, '1m0s'],
    [3_661_000, '1h1m1s'],
  ] as const) {
    assert.equal(goDuration(nanos(millis * 1e6)), text);
  }
});

test('integers are read as Go reads them', () => {
  const read = ['12', '-1', '+3', '0x1F', '0b11', '0o17', '017', '1_000', '0', '-0'].map(parseInteger);
  assert.deepEqual(read, [12, -1, 3, 31, 3, 15, 15, 1000, 0, 0]);
  for (const text of ['', '1.5', '1e3', '08', '_1', '1__0', '0x', ' 1', '9007199254740993']) {
    assert.equal(parseInteger(text), undefined, text);
  }
});
