import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import stringWidth from 'string-width';
import { drawDiagnosis } from '../../../../src/commands/doctor/draw.ts';
import { startProgress } from '../../../../src/commands/doctor/progress.ts';
import { diagnose } from '../../../../src/doctor/diagnose.ts';
import { ASCII, UNICODE, type Glyphs, type Look } from '../../../../src/render/look.ts';

import type { Runtime } from '../../../../src/runtime.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import { canary, lostCanary, none, observed, read, refused } from '../../../support/observed.ts';

const look = (columns: number, glyphs: Glyphs = UNICODE): Look => ({ columns, glyphs }) as Look;
const draw = (columns: number, glyphs?: Glyphs, isWide = true): string =>
  drawDiagnosis(lost, isWide, look(columns, glyphs), stringWidth);

const jane = { username: 'jane', groups: ['system:authenticated'] };

/** The API server exports to a name of the cluster's DNS. */
const lost = diagnose(
  observed({
    exports: new Map([
      [
        'kube-apiserver-cp-1',
        read({
          cause: 'EndpointClusterDNS',
          endsServer: false,
          line: 'rpc error: desc = \u001b[31mproduced\u202e zero addresses',
          address: null,
        }),
      ],
    ]),
    canary: lostCanary(),
  }),
);

suite('the screen of a diagnosis', () => {
  for (const columns of [40, 80, 120, 200]) {
    test(`fits ${columns} columns`, () => {
      const lines = draw(columns).split('\n');
      assert.ok(lines.every((line) => stringWidth(line) <= columns));
      assert.equal(lines.filter((line) => /^[✓‼✗·] (?:ok|warning|failed|unknown)\b/.test(line)).length, 17);
    });
  }

  test('has a word for each state, so that nothing depends on a sign', () => {
    assert.match(draw(120, ASCII), /^x failed {3}export {11}kube-apiserver-cp-1 cannot export its spans/m);
    // oxlint-disable-next-line no-control-regex
    assert.match(draw(120, ASCII), /^[\u0000-\u007f]*$/);
  });

  test('explains only what is wrong', () => {
    const text = draw(120, UNICODE, false);
    assert.match(
      text,
      /✗ failed.*\n {4}looked at {2}log of kube-apiserver-cp-1: .*(?:\n {15}.*)*\n {4}fix {8}write the cluster IP/,
    );
    assert.match(text, /\n {4}docs {7}docs\/doctor\.md#export\n/);
    assert.doesNotMatch(text, /✓ ok.*\n {4}looked at/);
  });

  test('ends with the first cause and the next step, which the canary does not repeat', () => {
    const text = draw(120, UNICODE, false);
    assert.match(
      text,
      /canary request {3}GET \/api\/v1\/nodes was found [^:]*the first broken link is export,\s+above\n/,
    );
    assert.match(text, /\n\nFirst cause: EndpointClusterDNS \(export\)\. Next: write the cluster IP of .*\n.*\n$/);
  });

  test('has no cause at its end where nothing is wrong', () => {
    const text = drawDiagnosis(diagnose(observed()), false, look(120), stringWidth);
    assert.match(text, /canary request .*\n$/);
    assert.doesNotMatch(text, /First cause/);
  });

  test('has one line for a check that could not be made for the reason of another one', () => {
    const unread = { exports: new Map(), pods: refused, flagz: refused, kubelets: [], nodes: refused, backend: none };
    const diagnosis = diagnose(
      observed({
        ...unread,
        canary: canary({ foundBy: null, services: [], probes: [] }, refused),
        identity: read(jane),
      }),
    );
    const text = drawDiagnosis(diagnosis, false, look(120), stringWidth);
    assert.equal(text.split('give a copy of the file').length, 2);
    assert.match(
      text,
      /\n· unknown {2}sampling .*\n· unknown {2}export .*\n· unknown {2}etcd .*\n· unknown {2}kubelets /,
    );
    assert.doesNotMatch(text, /· unknown.*\n(?: {4}fix.*\n)? {4}docs/);
  });

  // oxlint-disable-next-line no-control-regex
  test('escapes text of a cluster', () => assert.doesNotMatch(draw(120), /[\u001b\u202e]/));
});

suite('progress', () => {
  const world = (isTTY: boolean): { readonly runtime: Runtime; readonly written: () => string } => {
    let text = '';
    const runtime = {
      err: { write: (part: string) => (text += part) },
      errTerminal: { isTTY, columns: 80 },
      clock: {
        now: () => epochNanos(0n),
        sleep: (_: number, signal?: AbortSignal) =>
          new Promise<void>((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('over')))),
      },
    } as unknown as Runtime;
    return { runtime, written: () => text };
  };

  test('names what is under way on a terminal, and is removed', async () => {
    const { runtime, written } = world(true);
    const progress = startProgress(runtime);
    const { promise, resolve } = Promise.withResolvers<number>();
    const task = progress.during('trace backend', promise);
    assert.match(written(), /checking \(0 s\): trace backend/);
    resolve(7);
    assert.equal(await task, 7);
    progress.end();
    assert.ok(written().endsWith('\r\u001b[K'));
  });

  test('is not written into a pipe', async () => {
    const { runtime, written } = world(false);
    const progress = startProgress(runtime);
    assert.equal(await progress.during('trace backend', Promise.resolve(7)), 7);
    progress.end();
    assert.equal(written(), '');
  });
});
