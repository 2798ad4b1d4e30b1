import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const SOURCES = new URL('../../src/', import.meta.url);

/**
 * A call with more than about 120,000 arguments ends in a RangeError. Lists of these files have few elements, whatever a
 * server sends.
 */
const SHORT: Readonly<Record<string, string>> = {
  'cli/help-layout.ts': 'lines of the help',
  'pod/scheduling/message.ts': 'words that begin a sentence',
  'render/pod/details.ts': 'commands of one step',
  'backend/kinds.ts': 'kinds of backends',
  'cli/kubectl-line.ts': 'words of the command line',
  'cli/split.ts': 'words of the command line',
  'commands/kubectl/delegation.ts': 'words of the command line',
  'codec/otlp/from-json.ts': 'the tag and the bytes of one field',
  'codec/otlp/json-fields.ts': 'the tag and the bytes of one field',
  'commands/help/text.ts': 'lines of the help',
  'format/cluster-flags.ts': 'words of the command line',
  'kube/connect/kubeconfig-validation.ts': 'faults of a kubeconfig',
  'kube/manifest/files.ts': 'files of a folder of this user',
  'render/jsonpath/parse.ts': 'steps of a template',
  'render/terminal/findings.ts': 'lines of one text',
  'render/terminal/header.ts': 'lines of one text',
  'render/terminal/repeated-screen.ts': 'requests of --repeat',
  'store/chunk-builder.ts': 'the tag and the bytes of one field',
};

const SPREAD = /\b(?:push|unshift|max|min|fromCharCode|fromCodePoint|splice|concat)\((?:[^(){}[\]]*, )?\.\.\./;

test('no list of any length is spread into the arguments of a call', () => {
  const found = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && SPREAD.test(readFileSync(new URL(path, SOURCES), 'utf8')))
    .toSorted();
  assert.deepEqual(found, Object.keys(SHORT).toSorted());
});
