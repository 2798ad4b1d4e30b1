import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { parseJSON } from '../../../../src/codec/json.ts';
import { readDocuments } from '../../../../src/codec/documents.ts';
import { elements, parseInChunks, parseRest } from '../../../../src/codec/json-stream/chunked-list.ts';
import { findSpanLists } from '../../../../src/codec/json-stream/span-lists.ts';

/** So short that nearly every element is a piece. */
const PIECE = 3;

/** What somebody reads of it, all as a rule; undefined when it is not JSON. */
function inPieces(text: string, read: (document: unknown) => unknown = parseRest): unknown {
  const bytes = Buffer.from(text);
  try {
    return readDocuments(
      bytes,
      (documents) => (documents?.length === 1 ? read(documents[0]) : undefined),
      parseJSON,
      PIECE,
    );
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  } finally {
    assert.equal(bytes.toString(), text);
  }
}

/** Texts that look like JSON, and keys under which lists are looked for, or nearly. */
const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('spans', '"spans":[', 'a"spans', 'spans\\', '[', ']', '{', '},{', ',', '\\', 'é', '\u2028'),
);
const { document: anyDocument } = fc.letrec<{ document: unknown; list: unknown[] }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    word,
    fc.constantFrom(null, true, 0, -1.5e300),
    tie('list'),
    fc.dictionary(fc.oneof(fc.constant('spans'), word), tie('document'), { maxKeys: 4 }),
    fc.record({ spans: tie('list') }),
  ),
  list: fc.array(tie('document'), { maxLength: 6 }),
}));
const written = fc
  .tuple(anyDocument, fc.constantFrom(undefined, 1, '\t', '\n '))
  .map(([value, indent]) => JSON.stringify(value, null, indent));

/** Lists whose elements begin alike, and hold what begins like one of them. */
const { list: alike } = fc.letrec<{ list: unknown[]; element: unknown }>((tie) => ({
  list: fc.array(tie('element'), { maxLength: 4 }),
  element: fc.record({
    a: fc.oneof({ maxDepth: 2 }, fc.constantFrom('},{"a"', '}, {"a":1},{', ',"spans":[', '"', 1), tie('list')),
    b: fc.oneof({ maxDepth: 2 }, fc.nat(), tie('list')),
  }),
}));
const withAlike = fc.oneof(
  fc.record({ spans: alike, more: fc.record({ spans: alike }) }),
  fc.record({ spans: alike, behind: alike, more: fc.record({ spans: alike }) }),
  // Of two lists under one key the last counts: one that is swallowed by another would not be missed.
  fc.tuple(fc.record({ spans: alike, z: alike }), fc.record({ y: alike, spans: alike })),
);
/** The list beside the first may be under the same key, also where that is escaped. */
const writtenAlike = fc
  .tuple(withAlike, fc.constantFrom(undefined, 1), fc.constantFrom('behind', 'spans', 'sp\\u0061ns'))
  .map(([value, indent, key]) => JSON.stringify(value, null, indent).replace(/"(?:behind|z)":/, `"${key}":`));

/** Texts this long shrink for minutes. A failure says its seed and path: with those it can be shrunk by hand. */
const UNSHRUNK = { endOnFailure: true } as const;

suite('parsed in pieces', () => {
  test('JSON is what JSON.parse makes of it', () => {
    fc.assert(
      fc.property(written, (text) => {
        assert.deepEqual(inPieces(text), JSON.parse(text));
      }),
    );
  });

  test('wherever a cut was guessed, and whatever was mistaken for the end of an element', () => {
    let mistakes = 0;
    fc.assert(
      fc.property(writtenAlike, (text) => {
        const [guessed, exact] = [false, true].map((isExact) => findSpanLists(Buffer.from(text), PIECE, isExact));
        const known = new Set(exact?.flatMap(({ ends }) => ends));
        if (guessed?.some(({ ends }) => ends.some((end) => !known.has(end))) === true) mistakes++;
        assert.deepEqual(inPieces(text), JSON.parse(text));
      }),
      { numRuns: 3000, ...UNSHRUNK },
    );
    assert.ok(mistakes > 150, `only ${mistakes} times`);
  });

  test('and whatever part of it is read', () => {
    const part = (document: unknown): unknown => {
      const one = Array.isArray(document) ? (document[1] as { y: unknown }).y : (document as { more: object }).more;
      return parseRest(one);
    };
    fc.assert(
      fc.property(writtenAlike, (text) => {
        assert.deepEqual(inPieces(text, part), part(JSON.parse(text)));
      }),
      { numRuns: 2000, ...UNSHRUNK },
    );
  });

  test('a list that begins like the spans before it is not taken for more of them', () => {
    const spans = Array.from({ length: 1500 }, (_, index) => ({
      spanID: String(index).padStart(16, '0'),
      name: 'x'.repeat(80),
    }));
    const document = { kind: 'RequestTrace', trace: { spans }, summary: { criticalPath: spans }, error: null };
    for (const indent of [undefined, 2]) {
      const bytes = Buffer.from(JSON.stringify(document, null, indent));
      assert.deepEqual(
        readDocuments(bytes, (documents) => parseRest(documents?.[0])),
        document,
      );
    }
  });

  test('of a file of many traces nothing is read twice', () => {
    const spans = Array.from({ length: 500 }, (_, index) => ({
      traceID: 'a',
      spanID: String(index),
      name: 'x'.repeat(300),
    }));
    const document = { data: Array.from({ length: 5 }, () => ({ traceID: 'a', spans, processes: {} })) };
    let reads = 0;
    readDocuments(Buffer.from(JSON.stringify(document)), (documents) => {
      reads++;
      assert.deepEqual(parseRest(documents?.[0]), document);
    });
    assert.equal(reads, 1);
  });

  test('a list that is not JSON is refused', () => {
    const damage = fc.record({
      at: fc.nat(),
      instead: fc.constantFrom('', ',', '[', ']', '{', '}', '"', '\\', ':', ' ', '0', ',,', ' \n '),
      cut: fc.nat({ max: 3 }),
    });
    fc.assert(
      fc.property(fc.oneof(written, writtenAlike), damage, (text, { at, instead, cut }) => {
        const from = at % (text.length + 1);
        // Half a character is none in a file.
        const damaged = (text.slice(0, from) + instead + text.slice(from + cut)).toWellFormed();
        assert.deepEqual(inPieces(damaged), parseJSON(damaged));
      }),
      { numRuns: 1000, ...UNSHRUNK },
    );
  });

  for (const text of [
    '{"spans":[{},]}',
    '{"spans":[{},   ]}',
    '{"spans":[    ,{}]}',
    '{"spans":[{}\f{}]}',
    '{"spans"\f:[{}]}',
    '{"spans":[{}}',
    '{"spans":[{}',
    '{"spans":[{"a":"b]}',
    '{"spans":["\\',
    '{"spans":',
    '"spans":[1]',
    // Of the first list nothing is left in the document.
    '{"spans":[x],"spans":[1]}',
    '{"spans":[1,],"more":{"spans":[1]},"spans":[2]}',
    // Left of what seed 629846671 found: quotes and brackets that do not match hide where the first list ends.
    '[{"spans":[{""""[{[{[{[{""}]}]""""}]}{}]}],"spans":[1]}]',
  ]) {
    test(`${text} is not JSON`, () => assert.equal(inPieces(text), undefined));
  }

  test('a number in a list of spans is not taken for the number of a list', () => {
    const text = '{"spans":[1],"more":{"spans":[0]},"others":[{"spans":[]}],"last":[0]}';
    assert.deepEqual(inPieces(text), JSON.parse(text));
  });

  test('an escaped key is the same key', () => {
    for (const text of [
      '{"a":{"spans":[1]},"sp\\u0061ns":[0]}',
      '{"a":{"spans":[1]},"sp\\u0061ns":[7]}',
      '{"\\u0073\\u0070\\u0061\\u006e\\u0073":["x"],"a":[{"spans":[1,2]}]}',
      '{"spans":[1],"\\"spans":[2],"\\\\spans":[3],"spans\\u0000":[4]}',
    ]) {
      assert.deepEqual(inPieces(text), JSON.parse(text), text);
    }
  });

  test('of two lists under one key the last counts, as in JSON.parse', () => {
    const text = '{"spans":[1,2],"spans":[3,4]}';
    assert.deepEqual(inPieces(text), JSON.parse(text));
  });
});

test('a list is parsed only when it is gone through, piece by piece', () => {
  const parsed: string[] = [];
  const parse = (source: string): unknown => {
    parsed.push(source);
    return JSON.parse(source) as unknown;
  };
  const document = parseInChunks(Buffer.from('{"spans":["one","two","three"],"more":1}'), { parse, chunkBytes: PIECE });
  assert.deepEqual(parsed.splice(0), ['{"spans":[0],"more":1}']);
  const list = elements((document as { spans: unknown }).spans)[Symbol.iterator]();
  assert.equal(list.next().value, 'one');
  assert.deepEqual(parsed, ['["one"]']);
  assert.deepEqual([...elements((document as { spans: unknown }).spans)], ['one', 'two', 'three']);
});

test('pieces end at commas between elements, wherever else there are some', () => {
  const text = '{"spans":[{"a":",[{"},[1,2],"\\",",3]}';
  const cutAt = (findSpanLists(Buffer.from(text), 1, true) ?? []).flatMap(({ ends }) => ends);
  assert.deepEqual(
    cutAt.map((at) => text.slice(0, at)),
    ['{"spans":[{"a":",[{"}', '{"spans":[{"a":",[{"},[1,2]', '{"spans":[{"a":",[{"},[1,2],"\\","', text.slice(0, -2)],
  );
});
