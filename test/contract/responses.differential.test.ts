import { after, before, suite, test } from 'node:test';
import { executables } from '../lab/cluster/build.ts';
import { BODY_CASES } from './differential/responses/body-cases.ts';
import { ResponseComparison } from './differential/responses/comparison.ts';
import { DISCOVERY_CASES } from './differential/responses/discovery-cases.ts';
import { REDIRECT_CASES } from './differential/responses/redirect-cases.ts';

/** Responses that no healthy API server gives: the real kubectl says what becomes of them. */
let comparison: ResponseComparison;

suite('unusual responses are handled as in kubectl', () => {
  before(async () => {
    const { kubectl } = await executables({ without: ['etcd', 'kube-apiserver', 'jaeger'] });
    comparison = await ResponseComparison.start(kubectl);
  });
  after(() => comparison?.stop());

  for (const [what, cases] of [
    ['discovery and short names', DISCOVERY_CASES],
    ['redirects', REDIRECT_CASES],
    ['bodies and busy servers', BODY_CASES],
  ] as const) {
    suite(what, () => {
      for (const one of cases) test(one.title, () => comparison.check(one));
    });
  }
});
