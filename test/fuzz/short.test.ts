import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { TraceCommandError } from '../../src/errors.ts';
import { inputsOf } from './engine/inputs.ts';
import { Meter } from './engine/meter.ts';
import { TARGETS } from './targets/index.ts';

/** `npm run fuzz` in short: every input of the corpus, those among them that were found by fuzzing, and a few mutations. */
const MUTATIONS = 60;
const SEED = 20_261_129;

suite('readers of foreign bytes keep their promises', () => {
  for (const target of TARGETS) {
    test(`${target.name}: ${target.reads}`, async (t) => {
      const open = await target.open();
      t.after(() => open.close());
      const input = inputsOf(target, SEED);
      const meter = new Meter();
      const count = target.corpus().length + MUTATIONS;
      for (let index = 0; index < count; index++) {
        const which = `input ${index} of seed ${SEED}`;
        const bytes = input(index);
        meter.begin();
        try {
          assert.equal(typeof (await open.feed(bytes)), 'string');
        } catch (error) {
          if (!(error instanceof TraceCommandError)) throw new Error(which, { cause: error });
        }
        assert.equal(meter.end(bytes, '')?.message, undefined, which);
      }
    });
  }
});

test('no two targets share a name', () => {
  assert.equal(new Set(TARGETS.map(({ name }) => name)).size, TARGETS.length);
});
