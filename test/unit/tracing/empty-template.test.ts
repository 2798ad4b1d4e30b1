import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { CommonArguments } from '../../../src/cli/arguments.ts';
import { toJSON } from '../../../src/report/json.ts';
import type { JSONObject } from '../../../src/report/json-value.ts';
import { explainingEmpty } from '../../../src/tracing/empty-template.ts';
import { openOutput } from '../../../src/tracing/output.ts';
import { parse } from '../../support/parse.ts';
import { reportOf } from '../../support/reports.ts';
import { testRuntime } from '../kube/fixture.ts';

const REPORT = reportOf(undefined);
const LIST = { kind: 'List', items: [{ metadata: { name: 'web-0' } }, { metadata: { name: 'web-1' } }] };

/** A document as `--show-response=json` makes it: a discovery, and the request with its response. */
function withResponse(body: JSONObject): JSONObject {
  const { requests, ...document } = toJSON(REPORT);
  const [request] = requests as readonly JSONObject[];
  return {
    ...document,
    requests: [
      { ...request, body: { kind: 'APIGroupList', groups: [] } },
      { ...request, body },
    ],
  };
}

/** Prints a report by a command line. */
async function printed(
  argv: readonly string[],
  document = toJSON(REPORT),
): Promise<{ readonly out: string; readonly err: string }> {
  let err = '';
  const runtime = testRuntime({ err: { write: (text) => void (err += text) } });
  const invocation = parse(argv, {}) as CommonArguments & { readonly kind: string };
  const output = explainingEmpty(openOutput(invocation.draw, runtime), invocation, runtime);
  return { out: await output({ ...REPORT, document }), err };
}

/** The words of the command that a note has. */
function commandIn(note: string): readonly string[] {
  const [, command = ''] = /: (kubectl trace .*)\n$/.exec(note) ?? [];
  const words = command.match(/(?:[^\s']|'[^']*')+/g) ?? [];
  return words.slice(2).map((word) => word.replaceAll("'", ''));
}

suite('a template about the response, of which the trace document has nothing', () => {
  test('gets a note, with the command that prints it', async () => {
    const { out, err } = await printed(['get', 'pods', '-n', 'shop', '-o', 'jsonpath={.items[*].metadata.name}']);
    assert.equal(out, '');
    assert.equal(
      err,
      'note: the template reads the trace document, which has no .items; with --show-response=json the response is in ' +
        ".requests[*].body: kubectl trace get pods -n shop --show-response=json -o 'jsonpath={.requests[*].body.items[*].metadata.name}'\n",
    );
  });

  const templates: Readonly<Record<string, string>> = {
    '{.items[*].metadata.name}': 'web-0 web-1',
    '{range .items[*]}{.metadata.name}{"\\n"}{end}': 'web-0\nweb-1\n',
    '{$.items[0].metadata.name}': 'web-0',
    '{range $.items[*]}{$.metadata.name},{end}{.items[0].metadata.name}': 'web-0,web-1,web-0',
  };
  for (const [template, expected] of Object.entries(templates)) {
    test(`its command prints what kubectl prints: ${template}`, async () => {
      for (const flag of [[`-ojsonpath=${template}`], ['--output', `jsonpath=${template}`, '--show-response']]) {
        const { out, err } = await printed(['get', 'pods', ...flag]);
        assert.equal(out.trim(), '');
        const command = commandIn(err);
        assert.equal(command.filter((word) => word.startsWith('--show-response')).length, 1);
        const again = await printed(command, withResponse(LIST));
        assert.deepEqual(again, { out: expected, err: '' });
      }
    });
  }

  test('of one object as well', async () => {
    const { err } = await printed(['get', 'pod', 'web', '-o', 'jsonpath={.status.phase}']);
    const { out } = await printed(commandIn(err), withResponse({ kind: 'Pod', status: { phase: 'Running' } }));
    assert.equal(out, 'Running');
  });
});

suite('no note', () => {
  test('for a template that printed something, is about the trace, or is of another output', async () => {
    for (const output of [
      'jsonpath={.verdict}{.items}',
      'jsonpath={.error.message}',
      'jsonpath={.requests[*].body.items}',
      'jsonpath={"\\n"}',
      'name',
    ]) {
      assert.equal((await printed(['get', 'pods', '-o', output])).err, '', output);
    }
  });
});
