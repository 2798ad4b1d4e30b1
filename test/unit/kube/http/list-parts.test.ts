import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { parseListParts } from '../../../../src/kube/http/list-parts.ts';

const itemsOf = (text: string, isBare?: boolean): unknown[] | undefined => {
  const parsed = parseListParts(Buffer.from(text), isBare);
  return parsed && [...parsed.parts].flat();
};

suite('the parts of a list', () => {
  test('are together its items, and the rest is the list without them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 130 }),
        fc.jsonValue(),
        fc.constantFrom(0, 2),
        (items, other, indent) => {
          const metadata = { continue: 'more', other };
          const text = JSON.stringify({ kind: 'PodList', metadata, items, last: '"items":[1]' }, null, indent);
          const parsed = parseListParts(Buffer.from(text));
          const { items: _, ...list } = JSON.parse(text) as Record<string, unknown>;
          assert.deepEqual({ ...parsed?.list, items: undefined }, { ...list, items: undefined });
          assert.deepEqual([...(parsed?.parts ?? [])].flat(), (JSON.parse(text) as { items: unknown[] }).items);
        },
      ),
    );
  });

  test('bare items are the items with empty managedFields, and with all else', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 130 }), fc.constantFrom(0, 2), (values, indent) => {
        const items = values.map((value) => ({
          metadata: { name: 'a"b\\', managedFields: [value, { f: ']}' }], labels: { managedFields: 'x' } },
          managedFields: [value],
          spec: { value, deep: { managedFields: [value] } },
        }));
        const text = JSON.stringify({ items }, null, indent);
        const bare = (JSON.parse(text) as { items: typeof items }).items.map((item) => ({
          ...item,
          metadata: { ...item.metadata, managedFields: [] },
        }));
        assert.deepEqual(itemsOf(text, true), bare);
      }),
    );
  });

  for (const [text, items] of [
    ['{"items":[]}', []],
    ['{"items": [ ]}', []],
    ['{"items":null}', []],
    ['{"metadata":{"items":[1]}}', []],
    ['{"a":"\\"items\\":[","items":[1,2]}', [1, 2]],
    ['[1]', undefined],
    ['', undefined],
    ['{"items":[1', undefined],
  ] as const) {
    test(`of ${text}`, () => assert.deepEqual(itemsOf(text), items));
  }

  test('end with an error where an item is not JSON', () => {
    const parsed = parseListParts(Buffer.from('{"items":[{},nonsense]}'));
    assert.throws(() => [...(parsed?.parts ?? [])], SyntaxError);
  });
});
