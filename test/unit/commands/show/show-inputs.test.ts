import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, suite, test } from 'node:test';

import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { documentWords } from '../../../../src/commands/show/content-words.ts';
import { plainInput } from '../../../../src/commands/show/plain-input.ts';
import { UsageError } from '../../../../src/errors.ts';
import { run } from '../../../../src/run.ts';
import { testRuntime } from '../../kube/fixture.ts';
import { parseDocument } from '../../../support/schema.ts';

let home = '';
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'kubectl-trace-inputs-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Shown {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `kubectl trace show FLAGS` of a file named `input`, or of standard input that comes in these chunks. */
async function show(input: Buffer | string | readonly Buffer[], ...flags: string[]): Promise<Shown> {
  let [stdout, stderr] = ['', ''];
  const isPipe = Array.isArray(input);
  if (!isPipe) writeFileSync(join(home, 'input'), input as Buffer | string);
  const runtime = testRuntime({
    home,
    cwd: home,
    env: {},
    fetch: async () => assert.fail('nothing is to be fetched'),
    input: () => Readable.from(isPipe ? input : []),
    out: { write: (text) => void (stdout += text) },
    err: { write: (text) => void (stderr += text) },
  });
  const code = await run(['show', isPipe ? '-' : 'input', '--no-history', ...flags], runtime, '0.1.0');
  return { code, stdout, stderr };
}

async function namesOf(input: Buffer | string | readonly Buffer[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await show(input, '-o', 'json');
  assert.equal(code, 0, stderr);
  return (parseDocument(stdout).trace?.spans ?? []).filter(({ source }) => source === 'span').map(({ name }) => name);
}

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const NANOS = 1_795_478_400_000_000_000n;

const span = (id: number, name: string, parts: object = {}): object => ({
  traceId: TRACE,
  spanId: id.toString(16).padStart(16, '0'),
  ...(id > 1 && { parentSpanId: '0000000000000001' }),
  name,
  kind: 2,
  startTimeUnixNano: String(NANOS + BigInt(id) * 1_000_000n),
  endTimeUnixNano: String(NANOS + 50_000_000n - BigInt(id) * 1_000_000n),
  ...parts,
});
const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
const group = (...spans: object[]): object => ({ resource, scopeSpans: [{ scope: { name: 's' }, spans }] });
const traces = (...spans: object[]): object => ({ resourceSpans: [group(...spans)] });
const logs = { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [{ body: { stringValue: 'spans' } }] }] }] };
const metrics = { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [{ name: 'm' }] }] }] };
const profiles = { resourceProfiles: [{ resource, scopeProfiles: [] }] };
const text = JSON.stringify;
const root = span(1, 'größe 漢字');
const child = span(2, 'child');

suite('all spans are read from a file of documents', () => {
  for (const [what, input] of [
    ['one a line', `${text(traces(root))}\n${text(traces(child))}\n`],
    ['one a line, with Windows line ends', `${text(traces(root))}\r\n${text(traces(child))}\r\n`],
    ['one behind the other', text(traces(root)) + text(traces(child))],
    ['indented, one behind the other', JSON.stringify(traces(root), null, 2) + JSON.stringify(traces(child), null, 2)],
    [
      'indented, a line between them',
      `${JSON.stringify(traces(root), null, 2)}\n\n${JSON.stringify(traces(child), null, 1)}`,
    ],
    ['as a JSON text sequence (RFC 7464)', `\u001E${text(traces(root))}\n\u001E${text(traces(child))}\n`],
    ['in a list', text([traces(root), traces(child)])],
    ['as bare ResourceSpans, one a line', `${text(group(root))}\n${text(group(child))}`],
    ['as bare ResourceSpans, one behind the other', text(group(root)) + text(group(child))],
    ['as a list of ResourceSpans', text([group(root), group(child)])],
    ['as bare ScopeSpans', `${text({ scope: { name: 's' }, spans: [root] })}\n${text({ scope: {}, spans: [child] })}`],
    ['as bare spans', `${text(root)}\n${text(child)}\n`],
    ['as a list of spans', text([root, child])],
    ['in the library spans of 2021', text({ resource, instrumentationLibrarySpans: [{ spans: [root, child] }] })],
  ] as const) {
    test(what, async () => assert.deepEqual(await namesOf(input), ['größe 漢字', 'child']));
  }

  test('with any separators between documents', async () => {
    const blank = fc.constantFrom('', ' ', '\n', '\r\n', '\t\n ');
    const one = fc.constantFrom(...[traces, group].flatMap((of) => [of(root), of(child)]), logs, metrics, {
      trace: traces(child),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(one, blank, fc.constantFrom(undefined, 1)), { minLength: 1, maxLength: 5 }),
        async (parts) => {
          const input = parts
            .map(([document, between, indent]) => JSON.stringify(document, null, indent) + between)
            .join('');
          const expected = new Set(
            parts.flatMap(([document]) =>
              text(document).includes('größe') ? ['größe 漢字'] : text(document).includes('"child"') ? ['child'] : [],
            ),
          );
          const { code, stdout, stderr } = await show(input, '-o', 'json');
          assert.equal(code, expected.size === 0 ? 2 : 0, stderr);
          const names = (parseDocument(stdout).trace?.spans ?? [])
            .filter(({ source }) => source === 'span')
            .map(({ name }) => name);
          assert.deepEqual(new Set(names), expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('many documents are read in linear time', async () => {
    const count = 4000;
    const input = Array.from({ length: count }, (_, index) => text(group(span(index + 1, 'x')))).join('');
    assert.equal((await namesOf(input)).length, count);
  });
});

suite('content that is not a trace is skipped and reported', () => {
  for (const [what, documents, note] of [
    [
      'logs and metrics',
      [logs, traces(root), metrics, logs],
      'logs (2 documents) and metrics (1 document), which are not shown',
    ],
    ['profiles', [profiles, traces(root)], 'profiles (1 document), which are not shown'],
    ['logs in the same document', [{ ...traces(root), ...logs }], 'logs (1 document), which are not shown'],
    [
      'all signals',
      [logs, metrics, profiles, traces(root)],
      'logs (1 document), metrics (1 document) and profiles (1 document), which are not shown',
    ],
    [
      'an error response',
      [{ errors: [{ code: 500, msg: 'boom' }], data: null }, traces(root)],
      '1 error response: an error response of Jaeger (500: boom)',
    ],
    [
      'another document',
      [{ level: 'info' }, traces(root)],
      '1 document without spans, of which the first is an object with 1 key: "level"',
    ],
  ] as const) {
    test(what, async () => {
      const { code, stdout, stderr } = await show(documents.map((one) => text(one)).join('\n'));
      assert.equal(code, 0);
      assert.equal(stderr, `note: input also holds ${note}\n`);
      assert.match(stdout, /1 span of shop/);
    });
  }

  test('an incomplete last line of a file being written', async () => {
    const line = text(traces(child));
    for (const length of [1, 17, line.length - 1]) {
      const { code, stderr } = await show(`${text(traces(root))}\n${line.slice(0, length)}`);
      assert.equal(code, 0);
      assert.equal(stderr, 'note: the last line of input is truncated, and was skipped\n');
    }
  });
});

suite('a saved partial trace is marked as partial', () => {
  for (const [what, document, note] of [
    [
      'with a reason',
      { trace: traces(root), status: 'PARTIAL', message: 'larger than 5 MB' },
      'Tempo gave only a part of the trace: larger than 5 MB',
    ],
    ['without one', { trace: traces(root), metrics: {}, status: 'PARTIAL' }, 'Tempo gave only a part of the trace'],
    ['by number', { trace: traces(root), status: 1, message: 'm' }, 'Tempo gave only a part of the trace: m'],
    [
      'with signs for the terminal',
      { trace: traces(root), status: 'PARTIAL', message: '\u001B[31mx' },
      'Tempo gave only a part of the trace: \\u001b[31mx',
    ],
  ] as const) {
    test(what, async () => {
      const { code, stdout, stderr } = await show(text(document));
      assert.equal(code, 0);
      assert.equal(stderr, `note: ${note}\n`);
      assert.match(stdout, /partial: 1 span of shop/);
      assert.equal((await show(text(document), '--require-complete')).code, 4);
    });
  }

  test('a complete trace is not marked as partial', async () => {
    for (const status of ['COMPLETE', 0, undefined]) {
      const { stdout, stderr } = await show(text({ trace: traces(root), status }));
      assert.equal(stderr, '');
      assert.doesNotMatch(stdout, /partial/);
    }
  });
});

const utf16 = (input: string, order: 'le' | 'be', mark: boolean): Buffer => {
  const bytes = Buffer.from(mark ? `\uFEFF${input}` : input, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
};

suite('an input file in any encoding, compressed or not, in any chunks', () => {
  const encoding = fc.constantFrom<(input: string) => Buffer>(
    (input) => Buffer.from(input),
    (input) => Buffer.from(`\uFEFF${input}`),
    (input) => utf16(input, 'le', true),
    (input) => utf16(input, 'be', true),
    (input) => utf16(input, 'le', false),
    (input) => utf16(input, 'be', false),
  );
  const packing = fc.constantFrom<(bytes: Buffer) => Buffer>(
    (bytes) => bytes,
    (bytes) => gzipSync(bytes),
    (bytes) => zstdCompressSync(bytes),
    (bytes) => gzipSync(gzipSync(bytes)),
    // Two members of one gzip file.
    (bytes) => Buffer.concat([gzipSync(bytes.subarray(0, 99)), gzipSync(bytes.subarray(99))]),
  );
  test('gives the same spans', async () => {
    const input = `${text(traces(root))}\n${text(traces(child))}\n`;
    await fc.assert(
      fc.asyncProperty(encoding, packing, fc.array(fc.nat(), { maxLength: 4 }), async (encode, pack, cuts) => {
        const bytes = pack(encode(input));
        const ends = [...cuts.map((cut) => cut % bytes.length), bytes.length].sort((a, b) => a - b);
        const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        assert.deepEqual(await namesOf(bytes), ['größe 漢字', 'child']);
        assert.deepEqual(await namesOf(chunks), ['größe 漢字', 'child']);
      }),
      { numRuns: 60 },
    );
  });

  for (const [what, bytes, message] of [
    [
      'gzip that was cut off',
      gzipSync(text(traces(root))).subarray(0, 60),
      /compressed with gzip and damaged: unexpected end of file/,
    ],
    ['gzip with a mistake', gzipSync(text(traces(root))).fill(0x55, 40, 60), /compressed with gzip and damaged: /],
    [
      'zstd that was cut off',
      zstdCompressSync(text(traces(root))).subarray(0, 60),
      /compressed with zstd and damaged: /,
    ],
    ['too many layers', gzipSync(gzipSync(gzipSync(gzipSync('{}')))), /compressed with gzip, which is not supported/],
    ['a zip archive', Buffer.from('PK\u0003\u0004rest'), /compressed with zip/],
    ['bzip2', Buffer.from('BZh91AY'), /compressed with bzip2/],
    ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), /compressed with xz/],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), /text in UTF-32\nhint: save it as UTF-8/],
    ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 0, 0, 0]), /is not JSON: it is binary/],
  ] as const) {
    test(`reports ${what}`, async () => {
      for (const input of [bytes, [bytes]]) {
        const { code, stdout, stderr } = await show(input);
        assert.equal(code, 2);
        assert.equal(stdout, '');
        assert.match(stderr, message);
        assert.doesNotMatch(stderr, /internal error/);
      }
    });
  }

  test('has bounded expansion', async () => {
    const tooLarge = (): UsageError => new UsageError('InputTooLarge', 'too large');
    const zeros = Buffer.alloc(2 ** 22);
    for (const bomb of [gzipSync(zeros), zstdCompressSync(zeros), gzipSync(gzipSync(zeros))]) {
      assert.ok(bomb.length < 2 ** 13);
      await assert.rejects(plainInput(bomb, 'input', 2 ** 20, tooLarge), { reason: 'InputTooLarge' });
    }
    const doubled = Buffer.from('\uFEFF漢'.repeat(2 ** 18), 'utf16le');
    await assert.rejects(plainInput(doubled, 'input', 2 ** 20, tooLarge), { reason: 'InputTooLarge' });
    assert.equal((await plainInput(gzipSync(zeros), 'input', 2 ** 22, tooLarge)).length, 2 ** 22);
  });
});

suite('a saved response without a trace is reported', () => {
  for (const [what, input, message] of [
    [
      'an error of Jaeger v1',
      '{"data":null,"total":0,"errors":[{"code":404,"msg":"trace not found"}]}',
      'an error response of Jaeger: 404: trace not found',
    ],
    [
      'with an empty list',
      '{"data":[],"errors":[{"code":500,"msg":"storage is down"}]}',
      'an error response of Jaeger: 500: storage is down',
    ],
    [
      'an error of Jaeger v3',
      '{"error":{"grpcCode":5,"httpCode":404,"message":"trace not found"}}',
      'an error response of Jaeger: 404: trace not found',
    ],
    [
      'a Status',
      '{"kind":"Status","apiVersion":"v1","status":"Failure","message":"no endpoints","code":503}',
      'an error response of a Kubernetes API server (Status): 503: no endpoints',
    ],
    [
      'Grafana',
      '{"message":"Unauthorized","messageId":"auth","statusCode":401,"traceID":""}',
      'an error response of Grafana: 401: Unauthorized',
    ],
    ['a gRPC gateway', '{"code":14,"message":"no connection","details":[]}', 'an error response: 14: no connection'],
    ['an error of any server', '{"error":"rate limited"}', 'an error response: rate limited'],
    ['nothing in Jaeger', '{"data":[],"total":0}', 'a response of Jaeger without a trace in it'],
    ['nothing in Tempo', '{"trace":{},"metrics":{}}', 'a response of Tempo without a trace in it'],
    ['nothing in Tempo v1', '{"batches":[]}', 'a response of Tempo without a trace in it'],
    ['nothing in OTLP', '{"resourceSpans":[]}', 'OTLP without a span in it'],
    ['nothing in Zipkin', '[]', 'an empty list, which is what Zipkin returns when it finds nothing'],
    ['logs only', text(logs), "OpenTelemetry's logs (1 document)"],
    ['a search of Tempo', '{"traces":[{"traceID":"1"}],"metrics":{}}', 'a search result of Tempo, which has no spans'],
    [
      'names of services',
      '{"data":["a","b"],"total":2}',
      'a response of Jaeger without a trace in it: a list of names',
    ],
    ['a pod', '{"apiVersion":"v1","kind":"Pod","metadata":{}}', 'a Kubernetes Pod (v1)'],
    ['a drawing', '{"traceEvents":[]}', 'Trace Event JSON, which ui.perfetto.dev opens'],
    ['any object', '{"a":1,"b":2,"c":3,"d":4,"e":5}', 'an object with 5 keys: "a", "b", "c", "d" and 1 more'],
    ['any list', '[1,2]', 'a list of 2 elements, of which the first is a number'],
    [
      'lists in lists, 100,000 deep',
      '['.repeat(100_000) + ']'.repeat(100_000),
      'a list of 1 element, of which the first is a list',
    ],
    ['words of Tempo', 'too many outstanding requests\n', 'text that begins with "too many outstanding requests"'],
    ['a page', '<!doctype html><html><title>Sign\n in</title>', 'a web page ("Sign in")'],
    ['a page in UTF-16', utf16('<html><title>Sign in</title>', 'le', true), 'a web page ("Sign in")'],
    ['a compressed page', gzipSync('<html><title>Sign in</title>'), 'a web page ("Sign in")'],
    [
      'headers',
      'HTTP/1.1 502 Bad Gateway\r\nDate: x\r\n\r\nBad',
      'an HTTP response with its headers: "HTTP/1.1 502 Bad Gateway"',
    ],
  ] as const) {
    test(what, async () => {
      const { code, stdout, stderr } = await show(input);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      const [first] = stderr.split('\n');
      assert.ok(first?.endsWith(`: it is ${message}`) === true, stderr);
      assert.doesNotMatch(stderr, /internal error/);
      const { stdout: json } = await show(input, '-o', 'json');
      assert.equal(parseDocument(json).exitCode, 2);
    });
  }

  test('any JSON input never causes an internal error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.jsonValue({ maxDepth: 3 }),
        fc.constantFrom('data', 'trace', 'result', 'resourceSpans', 'spans', 'errors', 'error', 'traceId'),
        async (value, key) => {
          for (const document of [value, { [key]: value }, [{ [key]: value }]]) {
            const { code, stderr } = await show(text(document));
            assert.equal(code, 2, stderr);
            assert.match(stderr, /^error: input (is|has|holds) /m);
            assert.doesNotMatch(stderr, /internal error/);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

test('a document that is nested 100,000 deep is described by its error', () => {
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
  const words = documentWords({ error: { message: 'trace not found' }, rest: JSON.parse(deep) });
  assert.equal(words.error, 'trace not found');
});
