import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { importsOf, type SourceImport } from '../support/architecture.ts';
import { sizeViolations } from '../support/file-sizes.ts';
import { cyclesOf } from '../support/rooms.ts';

const folder = fileURLToPath(new URL('../../page/', import.meta.url));
const names = (await readdir(folder, { recursive: true })).filter((name) => /\.tsx?$/.test(name));
const files = new Map(
  await Promise.all(
    names.map(async (name) => [name.replaceAll('\\', '/'), await readFile(folder + name, 'utf8')] as const),
  ),
);

/** What the page may have of the program: nothing with input or output. */
const PURE =
  /^\.\.\/src\/(?:render|report|pod|analysis|trace|format)\/|^\.\.\/src\/page\/data-element\.ts$|^\.\.\/src\/codec\/(?:otlp\/json|pool)\.ts$/;

/** The reason why an import in page/ is refused; undefined when it is allowed. */
function refusal({ file, specifier }: SourceImport): string | undefined {
  const isModel = file.startsWith('model/');
  if (!specifier.startsWith('.')) {
    return !isModel && /^preact(?:\/hooks)?$/.test(specifier) ? undefined : `${file}: ${specifier} is not for the page`;
  }
  const target = posix.join(posix.dirname(file), specifier);
  if (target.startsWith('../')) return PURE.test(target) ? undefined : `${file}: ${target} is not pure`;
  return isModel && !target.startsWith('model/') ? `${file}: the model must not import ${target}` : undefined;
}

suite('the sources of the page', () => {
  const imports = [...files].flatMap(([file, text]) => importsOf(file, text));

  test('import Preact, each other, and what is pure of the program', () => {
    assert.ok(imports.length > 50, `only ${imports.length} imports were found`);
    assert.deepEqual(
      imports.flatMap((found) => refusal(found) ?? []),
      [],
    );
  });

  test('have no import cycle, and the sizes of all sources', () => {
    assert.deepEqual(cyclesOf(imports), []);
    assert.deepEqual(sizeViolations(files), []);
  });

  test('know the DOM in view/ and in the files that start the page alone', () => {
    const users = [...files].filter(([, text]) =>
      /\b(?:document\.querySelector|globalThis\.|navigator\.|HTML\w*Element)/.test(text),
    );
    assert.deepEqual(
      users.map(([file]) => file).filter((file) => file.startsWith('model/')),
      [],
    );
  });

  test('make no HTML of a text', () => {
    const risky =
      /dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(/;
    assert.deepEqual(
      [...files].filter(([, text]) => risky.test(text)).map(([file]) => file),
      [],
    );
  });

  test('an import of something with input or output is refused', () => {
    assert.match(refusal({ file: 'view/app.tsx', specifier: '../../src/tracing/session.ts' }) ?? '', /is not pure/);
    assert.match(refusal({ file: 'model/axis.ts', specifier: 'preact' }) ?? '', /not for the page/);
    assert.match(refusal({ file: 'model/axis.ts', specifier: '../view/page.ts' }) ?? '', /must not import/);
    assert.match(refusal({ file: 'view/app.tsx', specifier: 'node:fs' }) ?? '', /not for the page/);
  });
});
