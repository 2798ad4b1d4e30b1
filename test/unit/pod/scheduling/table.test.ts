import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { SENTENCES } from '../../../../src/pod/scheduling/preemption.ts';
import { readMessage, SCHEDULING_RULES } from '../../../../src/pod/scheduling/table.ts';
import { PARTIES } from '../../../../src/pod/verdict.ts';
import { isKnown, sampleOf, type SourceMessage } from '../../../lab/scheduler-messages/known.ts';
import { schedulingTable } from '../../../support/scheduling-table.ts';

const fixture = new URL('../../../fixtures/scheduler-messages.json', import.meta.url);
/** What `npm run scheduler-messages -- --write` found in the source of Kubernetes. */
const messages = JSON.parse(readFileSync(fixture, 'utf8')) as readonly SourceMessage[];

suite("the scheduler's messages", () => {
  test('the table has every message of the scheduler source', () => {
    assert.deepEqual(
      messages.filter(({ text }) => !isKnown(text)).map(({ text }) => text),
      [],
    );
  });

  test('the source has messages of every version and of every plugin that rejects pods', () => {
    const versions = new Set(messages.flatMap((message) => message.versions));
    assert.deepEqual([...versions].sort(), ['1.29.6', '1.31.14', '1.33.13', '1.35.4', '1.37.2']);
    const packages = new Set(messages.flatMap((message) => message.packages));
    for (const plugin of [
      'defaultpreemption',
      'dynamicresources',
      'gangscheduling',
      'interpodaffinity',
      'nodeaffinity',
      'nodedeclaredfeatures',
      'nodename',
      'nodeports',
      'noderesources',
      'nodeunschedulable',
      'nodevolumelimits',
      'podtopologyspread',
      'schedulinggates',
      'tainttoleration',
      'volumebinding',
      'volumerestrictions',
      'volumezone',
    ])
      assert.ok(packages.has(`scheduler/framework/plugins/${plugin}`), plugin);
  });

  test('a message that is not in the source is unknown', () => {
    for (const text of [
      'node(s) had a bad day',
      'node(s) were unschedulable today',
      'my taint is gone',
      'Insufficiently tested',
    ])
      assert.equal(readMessage(text), undefined, text);
    assert.equal(isKnown('node(s) had %d bad days'), false);
  });

  test('each template matches its own rule', () => {
    for (const rule of SCHEDULING_RULES) {
      if (rule.plugin.startsWith('errors of ')) continue;
      for (const template of rule.says) assert.equal(readMessage(sampleOf(template))?.rule, rule, template);
    }
  });

  test('each rule has an owner and a kind named in the document', () => {
    const document = readFileSync(new URL('../../../../docs/pod.md', import.meta.url), 'utf8');
    for (const { owner, kinds, plugin } of SCHEDULING_RULES) {
      assert.ok(PARTIES.includes(owner), plugin);
      for (const kind of kinds) assert.match(document, new RegExp(`\\b${kind}\\b`), kind);
    }
  });

  test('a plugin error is classified by the error inside it', () => {
    const known = readMessage('running "VolumeBinding" filter plugin: failed to find storage class "gold"');
    assert.deepEqual(known?.words, ['gold']);
    const unknown = readMessage('running PreBind plugin "Custom": something, 3 times');
    assert.equal(unknown?.rule.plugin, 'errors of the scheduler and of plugins');
  });
});

test('docs/scheduling.md has the same table as the code', () => {
  const document = readFileSync(new URL('../../../../docs/scheduling.md', import.meta.url), 'utf8');
  const rows = document.split('\n').map((row) => row.replace(/ +/g, ' ').trim());
  const first = rows.indexOf('| Plugin | The scheduler says | Waits for | Owner |');
  assert.ok(first > 0);
  const table = schedulingTable().map((row) => row.replace(/ +/g, ' '));
  assert.deepEqual(rows.slice(first + 2, first + 2 + table.length), table);
  assert.equal(rows[first + 2 + table.length], '');
});

test('docs/scheduling.md lists the preemption messages', () => {
  const document = readFileSync(new URL('../../../../docs/scheduling.md', import.meta.url), 'utf8');
  const rows = document.split('\n').map((row) => row.replace(/ +/g, ' ').trim());
  for (const [said, words] of SENTENCES) assert.ok(rows.includes(`| \`${said}\` | ${words} |`), said);
});
