import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kubectlLine, requestFailure } from '../../../../src/kube/api/request-failure.ts';
import { get } from '../../../../src/kube/api/request.ts';
import { answer, exchange } from '../fixture.ts';

const status = (reason: string, message: string, details = {}): object => ({
  kind: 'Status',
  reason,
  message,
  details,
});

test('request failure: a successful response is no failure', () => {
  assert.equal(requestFailure(exchange()), undefined);
  assert.equal(requestFailure(exchange({ status: 201 })), undefined);
});

test('request failure: a Status is shown with reason and message', () => {
  const failure = requestFailure(answer(403, status('Forbidden', 'nodes is forbidden: User "x" cannot')));
  assert.equal(failure?.line, 'Error from server (Forbidden): nodes is forbidden: User "x" cannot');
  assert.equal(failure.reason, 'Forbidden');
  assert.equal(failure.hint, 'what you may do: kubectl auth can-i --list');
});

test('request failure: a 401 is shown as a missing login, with the context in the hint', () => {
  const failure = requestFailure(answer(401, status('Unauthorized', 'Unauthorized')), { contextName: 'prod' });
  assert.equal(failure?.line, 'error: You must be logged in to the server (Unauthorized)');
  assert.match(failure.hint ?? '', /context "prod"/);
});

test('request failure: hints name the requested object', () => {
  const request = {
    ...get('request', '/x', '*/*'),
    resource: 'deployments',
    group: 'apps',
    namespace: 'shop',
    name: 'web',
  };
  const forbidden = requestFailure(
    answer(403, status('Forbidden', 'no'), { request: { ...request, method: 'PATCH' } }),
    {
      contextName: 'prod',
    },
  );
  assert.equal(forbidden?.hint, 'what you may do: kubectl --context prod auth can-i --list -n shop');
  const missing = requestFailure(answer(404, status('NotFound', 'no'), { request }));
  assert.equal(missing?.hint, 'what there is: kubectl get deployments -n shop');
  const busy = requestFailure(answer(429, status('TooManyRequests', 'no'), { headers: { 'retry-after': '3' } }));
  assert.equal(busy?.hint, 'the server is busy; try again in 3 s');
});

test('request failure: a namespace that does not exist is not a missing type', () => {
  const request = { ...get('request', '/x', '*/*'), method: 'POST', resource: 'pods', namespace: 'nope2' };
  const missing = status('NotFound', 'namespaces "nope2" not found', { name: 'nope2', kind: 'namespaces' });
  const hint = (body: object, contextName: string | null, more = {}): string | undefined =>
    requestFailure(answer(404, body, { request: { ...request, ...more } }), { contextName })?.hint;
  assert.equal(hint(missing, null), 'the namespace "nope2" does not exist: kubectl get namespaces');
  // As for server-side apply, which names the object in its path.
  assert.equal(
    hint(missing, 'a b', { method: 'PATCH', name: 'web' }),
    `the namespace "nope2" does not exist: kubectl --context 'a b' get namespaces`,
  );
  const read = { method: 'GET', resource: 'namespaces', namespace: null, name: 'nope2' };
  assert.equal(hint(missing, null, read), 'what there is: kubectl get namespaces');
  assert.match(hint(status('NotFound', 'the server could not find the requested resource'), null) ?? '', /this type/);
});

test('request failure: commands in hints quote every value', () => {
  const hostile = "$(>PWNED)';`>PWNED`";
  const quoted = "'$(>PWNED)'\\'';`>PWNED`'";
  const request = { ...get('request', '/x', '*/*'), resource: hostile, namespace: hostile };
  const hint = (code: number, more: object): string | undefined =>
    requestFailure(answer(code, status('Forbidden', 'no'), { request: { ...request, ...more } }), {
      contextName: 'team a;reboot',
    })?.hint;
  assert.equal(hint(403, {}), `what you may do: kubectl --context 'team a;reboot' auth can-i --list -n ${quoted}`);
  assert.equal(
    hint(403, { resource: null, namespace: null, path: '/apis/$(id)/v1' }),
    "what you may do: kubectl --context 'team a;reboot' auth can-i --list",
  );
  assert.equal(
    hint(404, { name: 'web' }),
    `what there is: kubectl --context 'team a;reboot' get ${quoted} -n ${quoted}`,
  );
});

test('request failure: an invalid object is shown with its causes, each once', () => {
  const cause = (field: string) => ({ field, message: 'Required value' });
  const one = requestFailure(
    answer(422, status('Invalid', 'long', { kind: 'Pod', name: 'web', causes: [cause('spec'), cause('spec')] })),
  );
  assert.equal(one?.line, 'The Pod "web" is invalid: spec: Required value');
  const two = requestFailure(
    answer(422, status('Invalid', 'long', { kind: 'Pod', name: 'web', causes: [cause('a'), cause('b')] })),
  );
  assert.equal(two?.line, 'The Pod "web" is invalid: \n* a: Required value\n* b: Required value');
  assert.equal(requestFailure(answer(422, status('Invalid', 'why')))?.line, 'The request is invalid: why');
});

test('request failure: without a Status the HTTP status is shown, as in client-go', () => {
  const raw = get('request', '/x', '*/*');
  const gateway = exchange({ status: 502, headers: { 'content-type': 'text/html' }, body: Buffer.from('<html>\n') });
  assert.equal(
    requestFailure(gateway)?.line,
    'Error from server (InternalError): an error on the server ("<html>") has prevented the request from succeeding (get nodes)',
  );
  const said = { headers: { 'content-type': 'text/plain' }, body: Buffer.from('blocked by policy\n'), request: raw };
  assert.equal(
    requestFailure(exchange({ status: 403, ...said }))?.line,
    'Error from server (Forbidden): blocked by policy',
  );
  assert.equal(
    requestFailure(exchange({ status: 302, ...said }))?.line,
    'Error from server: the server responded with the status code 302 but did not return more information',
  );
  assert.equal(requestFailure(exchange({ status: 302, ...said }))?.reason, 'HTTP302');
});

test('a page of any length does not fill the screen', () => {
  const page = { headers: { 'content-type': 'text/html' }, body: Buffer.from('x'.repeat(100_000)) };
  assert.ok(requestFailure(exchange({ status: 500, ...page }))!.line.length < 2300);
});

test('request failure: a transport error is shown unchanged', () => {
  const error = { reason: 'ConnectionRefused', message: 'The connection to the server x was refused', hint: 'h' };
  const failure = requestFailure(exchange({ status: null, error }));
  assert.deepEqual(failure, { ...error, line: error.message });
});

test('"error: " stands before everything that is not a whole line of kubectl', () => {
  assert.equal(kubectlLine('something'), 'error: something');
  assert.equal(kubectlLine('Error in configuration: x'), 'Error in configuration: x');
  assert.equal(kubectlLine('Unable to connect to the server: EOF'), 'Unable to connect to the server: EOF');
});

test('a conflict of an apply can be forced, another one cannot', () => {
  const body = status('Conflict', 'Apply failed with 1 conflict');
  const { request } = exchange();
  const hint = (contentType: string): string | undefined =>
    requestFailure(answer(409, body, { request: { ...request, headers: { 'content-type': contentType } } }))?.hint;
  assert.match(hint('application/apply-patch+yaml') ?? '', /--force-conflicts/);
  assert.equal(hint('application/merge-patch+json'), undefined);
});

test('what was being done stands before what the server says', () => {
  const body = status('AlreadyExists', 'configmaps "web" already exists');
  const failed = 'error when creating "web.yaml": ';
  assert.equal(
    requestFailure(answer(409, body), { contextName: null, failed })?.line,
    'Error from server (AlreadyExists): error when creating "web.yaml": configmaps "web" already exists',
  );
});

test('a server that speaks TLS is named so to a client without it', () => {
  const body = Buffer.from('Client sent an HTTP request to an HTTPS server.\n');
  assert.match(requestFailure(exchange({ status: 400, body }))?.hint ?? '', /https:\/\//);
  const other = Buffer.from('{"kind": "Status", "message": "the body is no JSON"}');
  assert.equal(requestFailure(exchange({ status: 400, body: other }))?.hint, undefined);
});
