import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { parse } from '../../../src/commands/parse.ts';
import { codeOf, linksOf } from '../../support/markdown.ts';
import { commandsOf } from '../../support/shell-words.ts';

interface Element {
  readonly type: string;
  readonly id?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly validations?: { readonly required?: boolean };
}

interface Form {
  readonly name: string;
  readonly description: string;
  readonly labels?: readonly string[];
  readonly body: readonly Element[];
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = `${root}.github/ISSUE_TEMPLATE/`;
const names = readdirSync(folder).filter((name) => name !== 'config.yml');

/** The keys of each type of element (docs.github.com, "Syntax for GitHub's form schema"). GitHub refuses a form with others. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  markdown: ['value'],
  textarea: ['label', 'description', 'placeholder', 'value', 'render'],
  input: ['label', 'description', 'placeholder', 'value'],
  dropdown: ['label', 'description', 'multiple', 'options', 'default'],
};

/** Names of keys that must be there and may be there. */
function assertKeys(value: object, required: readonly string[], optional: readonly string[]): void {
  const keys = Object.keys(value);
  for (const key of required) assert.ok(keys.includes(key), `${key} is missing in ${JSON.stringify(value)}`);
  assert.deepEqual(
    keys.filter((key) => ![...required, ...optional].includes(key)),
    [],
  );
}

suite('issue forms', () => {
  test('there is one for bugs and one for features', () => assert.deepEqual(names, ['bug.yml', 'feature.yml']));

  for (const name of names) {
    const form = load(readFileSync(`${folder}${name}`, 'utf8')) as Form;

    test(`${name} has the keys that GitHub knows, and no others`, () => {
      assertKeys(form, ['name', 'description', 'body'], ['labels', 'title', 'assignees', 'type', 'projects']);
      for (const element of form.body) {
        const isText = element.type === 'markdown';
        assertKeys(element, isText ? ['type', 'attributes'] : ['type', 'id', 'attributes'], ['validations']);
        const required = isText ? 'value' : 'label';
        assertKeys(element.attributes, [required], ATTRIBUTES[element.type] ?? []);
      }
      const ids = form.body.flatMap(({ id }) => id ?? []);
      assert.equal(new Set(ids).size, ids.length);
    });

    const texts = form.body
      .flatMap(({ attributes }) => Object.values(attributes))
      .filter((text) => typeof text === 'string');

    test(`${name}: its links lead to files of this repository, or to its policy`, () => {
      for (const link of texts.flatMap(linksOf)) {
        const [, file] = /^\.\.\/blob\/main\/(.*)$/.exec(link) ?? [];
        assert.ok(link === '../security/policy' || (file !== undefined && existsSync(`${root}${file}`)), link);
      }
    });

    test(`${name}: its commands parse`, () => {
      const commands = texts.flatMap((text) => codeOf(text).flatMap((code) => commandsOf(code.text)));
      const ours = commands.filter(([program, plugin]) => program === 'kubectl' && plugin === 'trace');
      assert.ok(ours.length > 0);
      for (const [, , ...args] of ours) parse(args, {});
    });
  }

  test('a bug report has the versions and a report without names', () => {
    const text = readFileSync(`${folder}bug.yml`, 'utf8');
    for (const command of ['kubectl trace version -o yaml', 'kubectl trace show last -o markdown --redact']) {
      assert.ok(text.includes(`\`${command}\``), command);
    }
  });

  test('SECURITY.md says how to report a vulnerability, and the form for bugs leads there', () => {
    assert.match(readFileSync(`${root}SECURITY.md`, 'utf8'), /"Report a vulnerability" on the Security tab/);
    assert.match(readFileSync(`${folder}bug.yml`, 'utf8'), /\[privately\]\(\.\.\/security\/policy\)/);
  });
});
