import { dirname, delimiter } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunScene } from '../../e2e/run-scene.ts';
import { cleanHome } from '../../support/kubectl-trace.ts';
import { executable } from '../cluster/build.ts';
import type { TestCluster } from '../cluster/cluster.ts';
import { startNode } from '../cluster/node/node.ts';
import { helm } from '../cluster/versions.ts';
import type { Answer } from '../record/fixture.ts';
import type { StreamCommand } from './commands.ts';
import type { Recording, StreamDocument } from './recording.ts';

/** A plain cluster-admin, whose trace context the API server does not accept, and one of system:masters. */
export const contexts = ['admin', 'masters'] as const;

/** Export delays of all servers, and the deadline of every look-up, are over by then. */
const LATER_MILLIS = 60_000;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Runs each command as each user on one node, `times` times, and queries the backend again a minute after each. */
export async function rehearse(
  commands: readonly StreamCommand[],
  times: number,
  signal: AbortSignal,
): Promise<readonly Recording[]> {
  const node = await startNode({ signal });
  const home = cleanHome();
  const path = [dirname(await executable(helm)), process.env['PATH']].join(delimiter);
  const scene = new RunScene(() => node.cluster, home.path);
  const recordings: Promise<Recording>[] = [];
  try {
    for (let round = 1; round <= times; round++) {
      for (const command of commands) {
        for (const context of contexts) {
          signal.throwIfAborted();
          const { code, document } = await ran(command, context, `s${recordings.length}`);
          say(`ran ${command.name} as ${context}: exit code ${code}, ${document.verdict}`);
          const head = { command: command.name, context, round, document, code };
          recordings.push(later(node.cluster, document, signal).then((answers) => ({ ...head, answers })));
        }
      }
    }
    return await Promise.all(recordings);
  } finally {
    home.remove();
    await node.stop();
  }

  async function ran(
    { name, prepare, interruptedAt }: StreamCommand,
    context: string,
    unique: string,
  ): Promise<{ readonly code: number | null; readonly document: StreamDocument }> {
    const command = await prepare(node.cluster, `${name}-${unique}`, home.path);
    let output = '';
    const { code, document } = await scene.run(['--context', context], command, {
      env: { PATH: [dirname(node.cluster.binaries.kubectl), path].join(delimiter) },
      onStart: (child) =>
        child.stdout?.on('data', (text: string) => {
          output += text;
          if (interruptedAt?.test(output)) child.kill('SIGINT');
        }),
    });
    // Helm has the folder of its chart in its arguments.
    const text = JSON.stringify(document).replaceAll(home.path, 'HOME');
    return { code, document: JSON.parse(text) as StreamDocument };
  }
}

/** Everything that the trace backend has of a command's requests, a minute later. */
async function later({ backendURL }: TestCluster, document: StreamDocument, signal: AbortSignal): Promise<Answer[]> {
  await sleep(LATER_MILLIS, undefined, { signal });
  const answers: Answer[] = [];
  const traces = new Set([document.command.traceID]);
  for (const { auditID } of document.requests) {
    const tags = JSON.stringify({ 'audit-id': auditID });
    const search = await ask(`/api/traces?${new URLSearchParams({ service: 'apiserver', tags, limit: '5' })}`);
    const found = (search.body as { data: { traceID: string }[] | null }).data ?? [];
    for (const { traceID } of found) traces.add(traceID);
    // The command's own trace is found by its ID.
    if (found.every(({ traceID }) => traceID !== document.command.traceID)) answers.push(search);
  }
  for (const id of traces) answers.push(await ask(`/api/v3/traces/${id}?raw_traces=true&rawTraces=true`));
  return answers;

  async function ask(url: string): Promise<Answer> {
    const response = await fetch(backendURL + url);
    return { url, status: response.status, body: await response.json() };
  }
}
