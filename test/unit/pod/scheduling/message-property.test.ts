import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { parseSchedulingMessage, type SchedulingCause } from '../../../../src/pod/scheduling/message.ts';

/** As FitError.Error writes it (k8s.io/kubernetes pkg/scheduler/framework/types.go). */
function fitError(nodes: number, causes: readonly SchedulingCause[], afterwards = ''): string {
  const words = causes.map(({ nodes: count, text }) => `${count} ${text}`).sort();
  const reasons = words.length === 0 ? '' : ` ${words.join(', ')}.`;
  return `0/${nodes} nodes are available:${reasons}${afterwards === '' ? '' : ` ${afterwards}`}`;
}

/** Words of a plugin, with commas, periods, colons and braces, but no comma before a number: that is a new cause. */
const reason = fc
  .array(
    fc.constantFrom(
      'node(s)',
      'had',
      'taint',
      '{a: b, c}',
      'full,',
      'pv.',
      '"x"',
      'Insufficient',
      'e.g.',
      'v1.2',
      'a, b',
    ),
    { minLength: 1, maxLength: 7 },
  )
  .map((words) => `x ${words.join(' ')} end`);

const failures = fc.integer({ min: 1, max: 5000 }).chain((nodes) =>
  fc.record({
    nodes: fc.constant(nodes),
    causes: fc.uniqueArray(fc.record({ nodes: fc.integer({ min: 1, max: nodes }), text: reason }), {
      minLength: 1,
      maxLength: 8,
      selector: ({ text }) => text,
    }),
    afterwards: fc.constantFrom(
      '',
      'preemption: not eligible due to preemptionPolicy=Never.',
      `preemption: 0/${nodes} nodes are available: ${nodes} No preemption victims found for incoming pod.`,
      `still not schedulable, preemption: 0/${nodes} nodes are available: ${nodes} Preemption is not helpful for scheduling.`,
      'no new claims to deallocate',
    ),
  }),
);

const byText = (causes: readonly SchedulingCause[]) => causes.map(({ nodes, text }) => `${nodes} ${text}`).sort();

suite("the parser of the scheduler's message", () => {
  test('returns the causes that the scheduler wrote, with their counts', () => {
    fc.assert(
      fc.property(failures, ({ nodes, causes, afterwards }) => {
        const read = parseSchedulingMessage(fitError(nodes, causes, afterwards));
        assert.equal(read.nodes, nodes);
        assert.deepEqual(byText(read.causes), byText(causes));
        assert.equal(read.afterwards ?? '', afterwards.replace(/\.$/, ''));
      }),
      { numRuns: 2000 },
    );
  });

  test('never counts more nodes than exist, for any text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 50 }), fc.string({ maxLength: 200 }), (nodes, text) => {
        const { causes } = parseSchedulingMessage(`0/${nodes} nodes are available: ${text}`);
        for (const cause of causes) assert.ok(cause.nodes === null || (cause.nodes >= 1 && cause.nodes <= nodes));
      }),
    );
  });

  test('keeps every word of a message in an unknown form', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        fc.pre(!/^0\/\d+ nodes? /.test(text));
        assert.deepEqual(parseSchedulingMessage(text).causes, [{ nodes: null, text }]);
      }),
    );
  });

  test('a number after a comma that cannot be a node count belongs to the cause', () => {
    const { causes } = parseSchedulingMessage('0/3 nodes are available: 3 wants port 80, 443 or 8080, 0 of them free.');
    assert.deepEqual(causes, [{ nodes: 3, text: 'wants port 80, 443 or 8080, 0 of them free' }]);
  });

  test('a truncated message keeps the causes before the cut', () => {
    const { nodes, causes } = parseSchedulingMessage(
      '0/9 nodes are available: 4 Insufficient cpu, 5 node(s) had unto ...',
    );
    assert.equal(nodes, 9);
    assert.deepEqual(causes[0], { nodes: 4, text: 'Insufficient cpu' });
    assert.equal(causes[1]?.nodes, 5);
  });

  test('preemption without causes is not a cause', () => {
    const { causes, preemption } = parseSchedulingMessage(
      '0/3 nodes are available: preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    );
    assert.deepEqual(causes, []);
    assert.equal(preemption, '0/3 nodes are available: 3 Preemption is not helpful for scheduling');
  });
});
