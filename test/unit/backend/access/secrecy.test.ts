import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import { BACKEND_KINDS } from '../../../../src/backend/kinds.ts';
import { openBackend, openKnownBackend, type BackendOptions } from '../../../../src/backend/registry.ts';
import { serve } from '../../../support/http-server.ts';
import { systemClock } from '../../kube/fixture.ts';
import { never, query, say, shop } from '../jaeger-server.ts';

const headers = { authorization: 'Bearer s3cret', 'x-api-key': 's3cret' };
const options: BackendOptions = { fetch, random: (size) => randomBytes(size), clock: systemClock, headers };

suite('a redirect carries no credential to another host, whatever the backend', () => {
  for (const kind of [...BACKEND_KINDS, undefined]) {
    for (const code of [301, 302, 303, 307, 308]) {
      test(`${kind ?? 'not known yet'} ${code}`, async (t) => {
        const other = await serve(t, say(200, '{}'));
        const { url, requests } = await serve(t, say(code, '', { location: `${other.url}/api` }));
        const backend =
          kind === undefined
            ? await openKnownBackend({ kind, url }, options, never)
            : openBackend({ kind, url }, options);
        await backend.byID(shop, never);
        const lookup = await backend.search(query, never);
        assert.equal(lookup.status === 'failed' && lookup.reason, 'BackendRedirects');
        assert.ok(requests.length > 0 && requests.every((request) => request.headers['x-api-key'] === 's3cret'));
        assert.deepEqual(other.requests, []);
        assert.doesNotMatch(JSON.stringify(lookup), /s3cret/);
      });
    }
  }
});
