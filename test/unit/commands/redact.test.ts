import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { parse } from '../../support/parse.ts';
import { redactCommand, redactQuery } from '../../../src/format/redact-command.ts';
import { redactText } from '../../../src/format/redact-text.ts';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJl';
const PEM = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----';

const redacted: readonly (readonly [args: readonly string[], shown: readonly string[]])[] = [
  [
    ['env', 'API_KEY=s3cret', 'helm', 'list'],
    ['env', 'API_KEY=REDACTED', 'helm', 'list'],
  ],
  [
    ['env', 'PRIVATE_KEY=s3cret', 'x'],
    ['env', 'PRIVATE_KEY=REDACTED', 'x'],
  ],
  [
    ['env', 'AWS_SECRET_ACCESS_KEY=s3cret', 'PGPASSWORD=s3cret', 'x'],
    ['env', 'AWS_SECRET_ACCESS_KEY=REDACTED', 'PGPASSWORD=REDACTED', 'x'],
  ],
  [
    ['tool', '--encryption-key', 's3cret'],
    ['tool', '--encryption-key', 'REDACTED'],
  ],
  [
    ['tool', '--encryption-key=s3cret'],
    ['tool', '--encryption-key=REDACTED'],
  ],
  [
    ['tool', '--apiKey=s3cret', '-storage-key', 's3cret'],
    ['tool', '--apiKey=REDACTED', '-storage-key', 'REDACTED'],
  ],
  [
    ['kubectl', 'set', 'env', 'deploy/web', 'SIGNING_KEY=s3cret'],
    ['kubectl', 'set', 'env', 'deploy/web', 'SIGNING_KEY=REDACTED'],
  ],
  [
    ['kubectl', 'run', 'x', '--env=SESSION_TOKEN=s3cret'],
    ['kubectl', 'run', 'x', '--env=SESSION_TOKEN=REDACTED'],
  ],
  [
    ['kubectl', 'run', 'x', '--env', 'SESSION_TOKEN=s3cret'],
    ['kubectl', 'run', 'x', '--env', 'SESSION_TOKEN=REDACTED'],
  ],
  [
    ['kubectl', 'patch', 'secret', 'db', '-p', '{"stringData":{"a":"s3cret"}}'],
    ['kubectl', 'patch', 'secret', 'db', '-p', 'REDACTED'],
  ],
  [
    ['kubectl', 'patch', 'secrets/db', '--patch={"data":{"a":"s3cret"}}'],
    ['kubectl', 'patch', 'secrets/db', '--patch=REDACTED'],
  ],
  [
    ['kubectl', 'patch', 'secret', 'db', '-p{"data":{"a":"s3cret"}}'],
    ['kubectl', 'patch', 'secret', 'db', '-pREDACTED'],
  ],
  [
    ['kubectl', 'patch', 'cm', 'x', '-p', '{"data":{"password":"s3cret","size":"2"}}'],
    ['kubectl', 'patch', 'cm', 'x', '-p', '{"data":{"password":"REDACTED","size":"2"}}'],
  ],
  [
    ['kubectl', 'patch', 'deploy', 'x', '-p', '[{"name":"API_KEY","value":"s3cret"}]'],
    ['kubectl', 'patch', 'deploy', 'x', '-p', '[{"name":"API_KEY","value":"REDACTED"}]'],
  ],
  [
    ['curl', '-H', 'Authorization: Bearer s3cret'],
    ['curl', '-H', 'Authorization: REDACTED'],
  ],
  [
    ['curl', '-H', 'X-Api-Key:s3cret', '-HCookie: a=s3cret'],
    ['curl', '-H', 'X-Api-Key: REDACTED', '-HCookie: REDACTED'],
  ],
  [
    ['curl', '--header=Proxy-Authorization: Basic s3cret'],
    ['curl', '--header=Proxy-Authorization: REDACTED'],
  ],
  [
    ['curl', '-u', 'jane:s3cret', 'https://h/'],
    ['curl', '-u', 'jane:REDACTED', 'https://h/'],
  ],
  [
    ['curl', '-ujane:s3cret', '--user=jane:s3cret'],
    ['curl', '-ujane:REDACTED', '--user=jane:REDACTED'],
  ],
  [
    ['git', 'clone', 'https://s3cret@github.com/a/b'],
    ['git', 'clone', 'https://REDACTED@github.com/a/b'],
  ],
  [
    ['git', 'clone', 'https://s3cret:x-oauth-basic@github.com/a'],
    ['git', 'clone', 'https://REDACTED:REDACTED@github.com/a'],
  ],
  [
    ['x', 'DATABASE_URL=postgres://app:s3:cret@db:5432/shop'],
    ['x', 'DATABASE_URL=postgres://app:REDACTED@db:5432/shop'],
  ],
  [
    ['curl', 'https://h/x?a=1&access_token=s3cret&b=2'],
    ['curl', 'https://h/x?a=1&access_token=REDACTED&b=2'],
  ],
  [
    ['curl', 'https://h/x?X-Amz-Signature=s3cret'],
    ['curl', 'https://h/x?X-Amz-Signature=REDACTED'],
  ],
  [
    ['x', JWT],
    ['x', 'REDACTED'],
  ],
  [
    ['x', `--cert=${PEM}`],
    ['x', '--cert=REDACTED'],
  ],
  [
    ['sh', '-c', `curl -H "Authorization: Bearer s3cret" h; PASSWORD='s3 cret' x`],
    ['sh', '-c', `curl -H "Authorization: REDACTED" h; PASSWORD=REDACTED x`],
  ],
  [
    ['sh', '-c', 'helm install x --token s3cret-of-mine --wait'],
    ['sh', '-c', 'helm install x --token REDACTED --wait'],
  ],
  [
    ['sh', '-c', 'kubectl patch secret db -p \'{"data":{"a":"s3cret"}}\' && echo done'],
    ['sh', '-c', "kubectl patch secret db -p 'REDACTED' && echo done"],
  ],
  [
    ['/bin/bash', '-ec', 'mysql --password=s3cret; curl -u me:s3cret h | tee "x y"; git clone https://s3cret@h'],
    ['/bin/bash', '-ec', 'mysql --password=REDACTED; curl -u me:REDACTED h | tee "x y"; git clone https://REDACTED@h'],
  ],
  [
    ['sh', '-c', `x=$(env A=b mysql -p"s3cret" -e 'select 1')`],
    ['sh', '-c', `x=$(env A=b mysql -pREDACTED -e 'select 1')`],
  ],
  [
    ['sh', '-c', `sh -c "curl -sSu 'me:s3cret' h"`],
    ['sh', '-c', `sh -c "curl -sSu 'me:REDACTED' h"`],
  ],
  [
    ['kubectl', 'exec', 'db-0', '--', 'mysql', '-ps3cret'],
    ['kubectl', 'exec', 'db-0', '--', 'mysql', '-pREDACTED'],
  ],
  [
    ['kubectl', 'exec', 'db-0', '--', 'sh', '-c', 'mysql -ps3cret'],
    ['kubectl', 'exec', 'db-0', '--', 'sh', '-c', 'mysql -pREDACTED'],
  ],
  [
    ['curl', '-sSu', 'me:s3cret', '-kH', 'X-Api-Key: s3cret', '-b', 'session=s3cret', 'h'],
    ['curl', '-sSu', 'me:REDACTED', '-kH', 'X-Api-Key: REDACTED', '-b', 'session=REDACTED', 'h'],
  ],
  [
    ['kubectl', 'config', 'set', 'users.jane.token', 's3cret'],
    ['kubectl', 'config', 'set', 'users.jane.token', 'REDACTED'],
  ],
  [
    ['gh', 'ghp_0123456789abcdefghij0123456789abcdef'],
    ['gh', 'REDACTED'],
  ],
  [
    ['kubeadm', 'join', 'abcdef.0123456789abcdef'],
    ['kubeadm', 'join', 'REDACTED'],
  ],
  [
    ['docker', 'login', '-u', 'me', '-p', 's3cret'],
    ['docker', 'login', '-u', 'me', '-p', 'REDACTED'],
  ],
  [
    ['mysql', '-ps3cret'],
    ['mysql', '-pREDACTED'],
  ],
  [
    ['kubectl', 'create', 'secret', 'generic', 's', '--from-literal=user=s3cret'],
    ['kubectl', 'create', 'secret', 'generic', 's', '--from-literal=user=REDACTED'],
  ],
  [
    ['kubectl', 'create', 'configmap', 'db', '--from-literal=DB_PASSWORD=s3cret'],
    ['kubectl', 'create', 'configmap', 'db', '--from-literal=DB_PASSWORD=REDACTED'],
  ],
  [
    ['kubectl', 'create', 'configmap', 'db', '--from-literal', 'DB_PASSWORD=s3cret'],
    ['kubectl', 'create', 'configmap', 'db', '--from-literal', 'DB_PASSWORD=REDACTED'],
  ],
  [
    ['kubectl', 'create', 'configmap', 'db', '--from-literal=url=https://me:s3cret@db'],
    ['kubectl', 'create', 'configmap', 'db', '--from-literal=url=https://me:REDACTED@db'],
  ],
  [
    ['kubectl', 'create', 'secret', 'docker-registry', 's', '--docker-password=s3cret'],
    ['kubectl', 'create', 'secret', 'docker-registry', 's', '--docker-password=REDACTED'],
  ],
];

suite('redaction: a credential in a command is not shown', () => {
  for (const [args, shown] of redacted) test(args.join(' '), () => assert.deepEqual(redactCommand(args), shown));
});

const harmless: readonly (readonly string[])[] = [
  ['kubectl', 'create', 'configmap', 'web', '--from-literal=colour=blue', '--from-literal', 'size=3'],
  ['kubectl', 'get', 'secret', 'db', '-n', 'token', '-o', 'name'],
  ['kubectl', 'create', 'token', 'build', '--audience', 'vault', '--duration=10m'],
  ['kubectl', 'create', 'secret', 'generic', 's', '--from-file=token=/run/token', '--from-env-file=.env'],
  ['kubectl', 'patch', 'deploy', 'web', '-p', '{"spec":{"replicas":2}}'],
  ['kubectl', 'get', 'pods', '-l', 'app=web,key=1', '--sort-by=.metadata.name', '--user', 'jane'],
  ['kubectl', 'logs', '-p', 'web'],
  ['helm', 'install', 'x', '--set=automountServiceAccountToken=false,auth.enabled=true', '--set', 'rbac.token=true'],
  ['kubectl', '--client-key', '/home/jane/key.pem', '--token-file=/run/token', 'get', 'ns'],
  ['helm', 'install', 'x', '--set', 'auth.existingSecret=db,imagePullSecrets[0].name=regcred,replicas=2'],
  ['helm', 'registry', 'login', '--password-stdin', 'r'],
  ['curl', '-H', 'Accept: application/json', 'https://host:6443/api?limit=5'],
  ['git', 'clone', 'ssh://git@github.com/a/b'],
  ['docker', 'run', '-u', '1000:1000', '-p', '8080:80', 'repo/secret:latest'],
  ['kubectl', 'label', 'ns', 'x', 'pod-security.kubernetes.io/enforce=restricted'],
  ['kubectl', 'annotate', 'sa', 'x', 'kubernetes.io/enforce-mountable-secrets=true'.replace('secrets', 'volumes')],
  ['sh', '-c', 'for i in 1 2; do kubectl get pods -n ns$i; done'],
  ['kubectl', 'taint', 'node', 'n', 'key=value:NoSchedule'],
  ['sh', '-c', `for i in 'a b' "c\\"d"; do kubectl -n x get pods | grep -c "$i" > /tmp/out; done; echo $((1 + 2))`],
  ['sh', '-c', `echo 'not closed`, '-sSu'],
  ['kubectl', 'config', 'set', 'clusters.x.server', 'https://h'],
  ['kubectl', 'exec', 'web', '-c', 'app', '--', 'tar', '-czf', '-', '/data'],
];

suite('redaction: an argument without a credential is unchanged', () => {
  for (const args of harmless) test(args.join(' '), () => assert.deepEqual(redactCommand(args), args));
});

test('redaction: a credential in the query of a request is not shown', () => {
  const redactedQuery = (query: string): string =>
    redactQuery([...new URLSearchParams(query)])
      .map((pair) => pair.join('='))
      .join('&');
  const rows: readonly (readonly [query: string, shown: string])[] = [
    ['command=env&command=API_KEY%3Ds3cret&stdin=true', 'command=env&command=API_KEY=REDACTED&stdin=true'],
    ['command=mysql&command=-ps3cret', 'command=mysql&command=-pREDACTED'],
    [
      'container=app&command=sh&command=-c&command=mysql+-ps3cret',
      'container=app&command=sh&command=-c&command=mysql -pREDACTED',
    ],
    ['access_token=s3cret&a=1', 'access_token=REDACTED&a=1'],
    [
      'continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MX0&limit=500',
      'continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MX0&limit=500',
    ],
    ['labelSelector=app%3Dweb&fieldManager=x&token=', 'labelSelector=app=web&fieldManager=x&token='],
  ];
  for (const [query, shown] of rows) assert.equal(redactedQuery(query), shown);
});

test('redaction: a credential in a kubectl trace command is not shown', () => {
  const args = (...argv: string[]): unknown => (parse(argv, {}) as { readonly args: readonly string[] }).args;
  assert.deepEqual(
    args(
      'raw',
      'GET',
      '/x',
      '--header',
      'X-Vault-Token: s3cret',
      '--header=X-Auth-Token:s3cret',
      '--header',
      'Accept: a/b',
    ),
    ['raw', 'GET', '/x', '--header', 'REDACTED', '--header=REDACTED', '--header', 'REDACTED'],
  );
  assert.deepEqual(args('patch', 'secret', 'db', '-p', '{"data":{"a":"s3cret"}}'), [
    'patch',
    'secret',
    'db',
    '-p',
    'REDACTED',
  ]);
  assert.deepEqual(args('patch', 'secret/db', '--patch={"data":{"a":"s3cret"}}'), [
    'patch',
    'secret/db',
    '--patch=REDACTED',
  ]);
  assert.deepEqual(args('patch', 'deploy', 'x', '-p', '{"spec":{"replicas":2}}'), [
    'patch',
    'deploy',
    'x',
    '-p',
    'REDACTED',
  ]);
  assert.deepEqual(args('get', 'pods', '-s', 'https://s3cret@h'), ['get', 'pods', '-s', 'https://REDACTED@h']);
  assert.deepEqual(args('show', 'http://h/trace/0af7651916cd43dd8448eb211c80319c?auth_token=s3cret'), [
    'show',
    'http://h/trace/0af7651916cd43dd8448eb211c80319c?auth_token=REDACTED',
  ]);
});

test('a short word is shown as it is, as it would be by the patterns', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abyXYZeJ09_.-'.split('')), maxLength: 12 });
  fc.assert(
    fc.property(word, (text) => {
      assert.equal(redactText(text), text);
      // Too long for the short way.
      assert.equal(redactText(`(${text}) and more`), `(${text}) and more`);
    }),
  );
});
