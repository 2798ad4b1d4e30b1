import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { shell, type ShellCommand } from '../../../../src/format/shell-command.ts';
import { UNICODE } from '../../../../src/render/look.ts';
import { conclusionLines } from '../../../../src/render/pod/details.ts';
import { plainWidth } from '../../../../src/render/terminal/width.ts';
import type { PodReport } from '../../../../src/report/pod-report.ts';

const PATCH = JSON.stringify({ spec: { containers: [{ name: 'main', resources: { limits: { memory: '512Mi' } } }] } });

const COMMANDS: readonly ShellCommand[] = [
  shell`kubectl patch deployment shop -n shop-of-the-north -p ${PATCH}`,
  shell`kubectl patch cronjob nightly -p ${JSON.stringify({ spec: { suspend: false } })}`,
  shell`kubectl get pods -l ${'a in (b, c),  d'} --context ${"it's a \\ long name, with 'quotes' in it"} -o wide`,
  shell`kubectl exec web -- sh -c "cat /etc/resolv.conf; echo \"the name server of the pod\"" -- and some more words`,
];

/** The lines of `do next`, as they are copied from a screen of this width. */
function copied(command: ShellCommand, columns: number): string[] {
  const cause = { reason: 'Unknown', message: 'm', waitingFor: { kind: 'k', name: 'n' }, who: 'w', evidence: [] };
  const verdict = {
    state: 'stuck',
    stage: 'Running',
    notes: [],
    cause: { ...cause, next: [{ command, when: 'later' }] },
  };
  const report = { verdict, lifecycles: [], gaps: [], podsLeftOut: 0, now: 0n } as unknown as PodReport;
  const lines = conclusionLines(report, { columns, colour: false, glyphs: UNICODE }, plainWidth);
  const first = lines.findIndex((line) => line.startsWith('do next'));
  return lines.slice(first).map((line) => line.replace(/^do next/, '       ').slice(13));
}

/** The arguments that a program gets; the shell has no such built-in. */
const argumentsOf = (text: string): string =>
  execFileSync('/bin/sh', ['-c', `kubectl() { printf '<%s>' "$@"; }\n${text}`], { encoding: 'utf8' });

for (const [index, command] of COMMANDS.entries()) {
  test(`command ${index + 1} is the same command for a shell, however narrow the screen is`, () => {
    for (const columns of [40, 60, 80, 100, 120, 300]) {
      const text = copied(command, columns).join('\n');
      assert.equal(argumentsOf(text.replace(/ +later$/, '')), argumentsOf(command));
    }
  });
}

test('a command is continued between words, and a word that is too long stays whole', () => {
  assert.deepEqual(copied(COMMANDS[0]!, 60), [
    'kubectl patch deployment shop -n \\',
    'shop-of-the-north -p \\',
    `'${PATCH}'`,
    '# later',
  ]);
});
