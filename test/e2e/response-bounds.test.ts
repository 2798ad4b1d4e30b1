import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { constants, createBrotliCompress, createGzip, createZstdCompress } from 'node:zlib';
import { bomb, folderOf, holds, MIB, run, server } from '../support/bounded-run.ts';

const SHAPES = {
  'of zeros': ['', '\0', ''],
  'of spaces in a list': ['[', ' ', ']'],
  'of empty objects': ['{"kind":"List","items":[', '{},', '{}]}'],
  'of empty lists': ['[', '[],', '[]]'],
  'of opened lists': ['', '[', ''],
  'of one long text': ['{"kind":"Status","message":"', 'a', '"}'],
  'of a trace': ['{"resourceSpans":[{"scopeSpans":[', '{"spans":[{}]},', '{}]}]}'],
} as const;

suite('a response that expands to 1 GiB', { skip: process.platform !== 'linux' && 'memory is read from /proc' }, () => {
  const bombs = new Map<string, Buffer>();
  before(async () => {
    for (const [shape, parts] of Object.entries(SHAPES)) {
      bombs.set(shape, await bomb(createGzip({ level: 1 }), parts, 1024 * MIB));
    }
  });
  const gzip = (response: ServerResponse, shape: string): void =>
    void response
      .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      .end(bombs.get(shape));

  for (const shape of Object.keys(SHAPES)) {
    test(`${shape}, of the API server`, async (t) => {
      const url = await server(t, (_path, response) => gzip(response, shape));
      const ended = await run('raw', 'GET', '/api/v1/pods', '--server', url, '--wait', '0', '--show-response');
      holds(ended);
      assert.equal(ended.code, 1);
      assert.match(ended.stderr, /error: the response of the server .* is larger than the bound of [\d.]+ MiB that/);
      assert.match(ended.stderr, /--chunk-size/);
    });

    test(`${shape}, of a backend behind the service proxy`, async (t) => {
      const url = await server(t, (path, response) =>
        path.includes('/proxy') ? gzip(response, shape) : response.end('{}'),
      );
      const backend = `jaeger=${url}/api/v1/namespaces/shop/services/http:jaeger:16686/proxy`;
      const ended = await run('raw', 'GET', '/api/v1/pods', '--server', url, '--wait', '3s', '--backend', backend);
      holds(ended);
      assert.equal(ended.code, 5);
      assert.match(ended.stderr, /larger than the bound of/);
    });
  }

  test('is not decompressed beyond --request-timeout', async (t) => {
    const url = await server(t, (_path, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.write(bombs.get('of zeros')!.subarray(0, 1000));
    });
    const ended = await run('raw', 'GET', '/x', '--server', url, '--wait', '0', '--request-timeout', '1s');
    holds(ended, 15_000);
    assert.match(ended.stderr, /--request-timeout/);
  });

  for (const [name, packer, encoding] of [
    ['gzip', () => createGzip(), 'gzip'],
    ['brotli', () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }), 'br'],
  ] as const) {
    for (const withLength of [true, false]) {
      test(`in ${name} ${withLength ? 'with' : 'without'} its length, of a backend`, async (t) => {
        const body = await bomb(packer(), SHAPES['of a trace'], 1024 * MIB);
        const url = await server(t, (_path, response) => {
          response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding });
          if (withLength) response.end(body);
          else response.write(body, () => response.end());
        });
        const api = await server(t, (_path, response) => response.end('{}'));
        const ended = await run('raw', 'GET', '/x', '--server', api, '--wait', '60s', '--backend', `jaeger=${url}`);
        holds(ended);
        assert.equal(ended.code, 5);
      });
    }
  }
});

suite('a file that expands to 1 GiB', { skip: process.platform !== 'linux' && 'memory is read from /proc' }, () => {
  for (const [name, make] of [
    ['gzip', () => createGzip({ level: 1 })],
    ['zstd', () => createZstdCompress()],
  ] as const) {
    test(`with ${name} is not expanded`, async (t) => {
      const file = join(folderOf(t), 'trace');
      writeFileSync(file, await bomb(make(), SHAPES['of a trace'], 1024 * MIB));
      const ended = await run('show', file);
      holds(ended);
      assert.equal(ended.code, 2);
      assert.match(ended.stderr, /larger than the bound of [\d.]+ MiB/);
    });
  }
});

suite('an endless response', { skip: process.platform !== 'linux' && 'memory is read from /proc' }, () => {
  const chunk = Buffer.alloc(MIB, ' ');
  const pour = (response: ServerResponse): void => {
    const more = (): void => void (response.destroyed || response.write(chunk, () => setImmediate(more)));
    response.writeHead(200, { 'content-type': 'application/json' });
    more();
  };

  test('of the API server', async (t) => {
    const url = await server(t, (_path, response) => pour(response));
    const ended = await run('raw', 'GET', '/x', '--server', url, '--wait', '0');
    holds(ended);
    assert.match(ended.stderr, /larger than the bound of 192 MiB/);
  });

  test('of a backend', async (t) => {
    const url = await server(t, (_path, response) => pour(response));
    const api = await server(t, (_path, response) => response.end('{}'));
    const ended = await run('raw', 'GET', '/x', '--server', api, '--wait', '60s', '--backend', `jaeger=${url}`);
    holds(ended);
    assert.equal(ended.code, 5);
    assert.match(ended.stderr, /larger than the bound of 192 MiB/);
  });
});
