import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { importsOf, sources, usesProcess, violation } from '../support/architecture.ts';
import { sizeViolations } from '../support/file-sizes.ts';
import { cyclesOf, roomViolation } from '../support/rooms.ts';

suite('the sources', () => {
  test('import only along the arrows', async () => {
    const imports = [...(await sources())].flatMap(([file, text]) => importsOf(file, text));
    assert.ok(imports.length > 100, `only ${imports.length} imports were found`);
    assert.deepEqual(
      imports.flatMap((found) => violation(found) ?? []),
      [],
    );
  });

  test('import along the arrows within kube, backend and commands', async () => {
    const imports = [...(await sources())].flatMap(([file, text]) => importsOf(file, text));
    assert.deepEqual(
      imports.flatMap((found) => roomViolation(found) ?? []),
      [],
    );
  });

  test('have no import cycle, not even of types or by import()', async () => {
    assert.deepEqual(cyclesOf([...(await sources())].flatMap(([file, text]) => importsOf(file, text))), []);
  });

  test('have at most 30 files in a folder, of 15 to 220 lines', async () => {
    assert.deepEqual(sizeViolations(await sources()), []);
  });

  test('use the process only in main.ts and process/', async () => {
    const users = [...(await sources())].filter(([, text]) => usesProcess(text)).map(([file]) => file);
    assert.deepEqual(
      users.filter((file) => file !== 'main.ts' && !file.startsWith('process/')),
      [],
    );
  });
});

suite('an import is refused', () => {
  const refused: readonly (readonly [file: string, specifier: string, why: string])[] = [
    ['main.ts', './kube/cluster.ts', 'main must not import kube'],
    ['run.ts', './main.ts', 'run must not import main'],
    ['complete.ts', './run.ts', 'complete must not import run'],
    ['cli/split.ts', '../render/look.ts', 'cli must not import render'],
    ['cli/split.ts', '../commands/index.ts', 'cli must not import commands'],
    ['cli/split.ts', '../kube/http/exchange.ts', 'cli must not import kube'],
    ['render/terminal/tree.ts', '../../tracing/session.ts', 'render must not import tracing'],
    ['page/write.ts', '../render/look.ts', 'page must not import render'],
    ['analysis/kubernetes/label.ts', '../../render/look.ts', 'analysis must not import render'],
    ['codec/jaeger/jaeger.ts', '../../kube/http/exchange.ts', 'codec must not import kube'],
    ['backend/spec.ts', '../store/trace-reader.ts', 'backend must not import store'],
    ['serve/batch-writer.ts', '../render/escape.ts', 'serve must not import render'],
    ['serve/serve.ts', 'node:sqlite', 'only store knows SQLite'],
    ['propagation/client-span.ts', '../kube/http/exchange.ts', 'propagation must not import kube'],
    ['trace/build.ts', '../analysis/timing/component.ts', 'trace must not import analysis'],
    ['runtime.ts', './cli/flag.ts', 'contracts must not import cli'],
    ['trace/ids.ts', 'node:crypto', 'trace must not import node:crypto'],
    ['render/terminal/tree.ts', 'node:fs', 'render must not import node:fs'],
    ['kube/http/send.ts', 'node:process', 'only main.ts and process/ know the process'],
    ['commands/get/run.ts', 'yargs', 'yargs is for cli'],
    ['backend/http/client.ts', '@kubernetes/client-node/dist/config.js', 'is for kube'],
    ['commands/get/run.ts', '@opentelemetry/api', 'is for propagation'],
    ['commands/get/run.ts', 'cli-table3', 'is for render'],
    ['render/terminal/table.ts', 'chalk', 'is for no folder'],
    ['commands/get/run.ts', '../../../package.json', 'only main.ts reads package.json'],
  ];
  for (const [file, specifier, why] of refused) {
    test(`${specifier} in ${file}`, () => {
      assert.match(violation({ file, specifier }) ?? 'nothing is wrong', new RegExp(why.replaceAll('.', '\\.')));
    });
  }
});

suite('an import within a floor is refused', () => {
  const refused: readonly (readonly [file: string, specifier: string, why: RegExp])[] = [
    ['kube/http/send.ts', '../print/table.ts', /kube\/http must not import kube\/print/],
    ['kube/json.ts', './http/exchange.ts', /kube\/json\.ts must not import kube\/http/],
    ['backend/find/poll.ts', '../http/client.ts', /backend\/find must not import backend\/http/],
    ['commands/get/run.ts', '../write/run.ts', /a command must not import another one/],
    ['commands/get/run.ts', '../index.ts', /a command must not import another one/],
    ['commands/command.ts', './get/arguments.ts', /must not import commands\/get\/arguments\.ts/],
  ];
  for (const [file, specifier, why] of refused) {
    test(`${specifier} in ${file}`, () => assert.match(roomViolation({ file, specifier }) ?? '', why));
  }
});

test('an import cycle is found; a chain is not a cycle', () => {
  const imports = [
    { file: 'a/one.ts', specifier: '../b/two.ts' },
    { file: 'b/two.ts', specifier: './three.ts' },
    { file: 'b/three.ts', specifier: '../a/one.ts' },
    { file: 'b/three.ts', specifier: './four.ts' },
    { file: 'b/four.ts', specifier: 'node:fs' },
  ];
  assert.deepEqual(cyclesOf(imports), [['a/one.ts', 'b/three.ts', 'b/two.ts']]);
  assert.deepEqual(cyclesOf(imports.slice(0, 2)), []);
});

test('a size out of bounds is found', () => {
  const lines = (count: number): string => 'line\n'.repeat(count);
  const sizes = (text: string): string[] => sizeViolations(new Map([['trace/new.ts', text]]));
  assert.deepEqual([sizes(lines(15)), sizes(lines(220))], [[], []]);
  assert.match(sizes(lines(221)).join(), /221 lines/);
  assert.match(sizes(lines(14)).join(), /14 lines/);
  const many = new Map(Array.from({ length: 31 }, (_, index) => [`trace/${index}.ts`, lines(20)]));
  assert.deepEqual(sizeViolations(many), ['trace: 31 files, more than 30']);
});

test('an import is found however it is written', () => {
  const source = `
    // import './comment.ts';
    import type { A } from './type.ts';
    import {
      b,
    } from "./lines.ts";
    import './effect.ts';
    export { c } from './export.ts';
    const d = await import('./dynamic.ts');
    type E = typeof import('./type-of.ts');
    /* import('./block.ts') */
  `;
  assert.deepEqual(
    importsOf('a.ts', source).map(({ specifier }) => specifier),
    ['./type.ts', './lines.ts', './effect.ts', './export.ts', './dynamic.ts', './type-of.ts'],
  );
  assert.throws(() => importsOf('a.ts', 'await import(name)'), /not a literal/);
});

test('the global process is distinguished from a word of the domain', () => {
  assert.equal(usesProcess('const home = process.env.HOME;'), true);
  assert.equal(usesProcess('if (span.process.serviceName) {}'), false);
  assert.equal(usesProcess('// process.env'), false);
});
