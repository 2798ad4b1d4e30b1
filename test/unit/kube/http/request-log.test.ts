import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRequestLog } from '../../../../src/kube/http/request-log.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import { exchange, systemClock } from '../fixture.ts';

const URL = 'https://127.0.0.1:6443/api/v1/nodes';
const headers = { accept: 'a', authorization: 'Bearer s3cr3t', 'impersonate-group': ['one', 'two'] };

function told(level: number, sent: Readonly<Record<string, string | readonly string[]>> = headers): string {
  let text = '';
  const clock = { ...systemClock, now: () => epochNanos(1_795_640_761_136_008_000n) };
  const log = openRequestLog(level, { clock, err: { write: (more) => void (text += more) } });
  log?.request('GET', URL, sent);
  log?.response(
    'GET',
    URL,
    exchange({ headers: { 'audit-id': 'a-1', 'set-cookie': 's3cr3t' }, body: Buffer.from('s3cr3t') }),
  );
  return text;
}

test('request log: empty below -v 6, then as much as in kubectl, and never a credential or a body', () => {
  assert.equal(told(5), '');
  assert.equal(
    told(6),
    `I1125 21:06:01.136008 kubectl-trace] "Response" verb="GET" url="${URL}" status="200" milliseconds=0\n`,
  );
  assert.match(
    told(7),
    /"Request" verb="GET" url="[^"]+" headers=<\n\tAccept: a\n\tAuthorization: Bearer <masked>\n\tImpersonate-Group: one\n\tImpersonate-Group: two\n >\n/,
  );
  assert.match(told(7), /"Response" status="200" milliseconds=0\n$/);
  assert.match(
    told(8),
    /"Response" status="200" headers=<\n\tAudit-Id: a-1\n\tSet-Cookie: <masked>\n > milliseconds=0\n$/,
  );
  assert.match(told(9), /curl -v -XGET {2}-H "Accept: a" -H "Authorization: Bearer <masked>" .*'https:\/\/127/);
  assert.match(
    told(9),
    /dnsLookupMilliseconds=0 dialMilliseconds=0 tlsHandshakeMilliseconds=0 serverProcessingMilliseconds=0\n$/,
  );
  for (let level = 0; level <= 10; level++) assert.doesNotMatch(told(level), /s3cr3t/);
});

test('headers of the user that hold a secret are masked at every level', () => {
  const sent = {
    'x-api-key': 's3cr3t',
    'x-vault-token': 's3cr3t',
    'x-my-auth': 's3cr3t',
    'x-anything': 's3cr3t',
    via: 'Bearer s3cr3t-of-mine',
    accept: 'a/b',
  };
  for (let level = 0; level <= 10; level++) assert.doesNotMatch(told(level, sent), /s3cr3t/);
  assert.match(
    told(9, sent),
    /-H "Accept: a\/b" -H "Via: Bearer REDACTED" -H "X-Anything: <masked>" -H "X-Api-Key: <masked>"/,
  );
});

test('a secret in the query of a URL is masked at every level', () => {
  for (let level = 6; level <= 10; level++) {
    const lines: string[] = [];
    const log = openRequestLog(level, { clock: systemClock, err: { write: (text) => void lines.push(text) } })!;
    log.request('GET', `${URL}?access_token=s3cr3t&limit=5`, {});
    log.response('GET', `${URL}?access_token=s3cr3t&limit=5`, exchange({}));
    assert.match(lines.join(''), /access_token=REDACTED&limit=5/);
    assert.doesNotMatch(lines.join(''), /s3cr3t/);
  }
});

test('the curl command holds nothing that a shell would run', () => {
  assert.match(told(9, { origin: '$(id) `id` !1 \' "' }), /-H 'Origin: \$\(id\) `id` !1 '\\'' "' /);
});
