import { setTimeout as sleep } from 'node:timers/promises';
import { auditEvent, type AuditEvent } from '../../support/audit-log.ts';
import { parseDocument, type Document } from '../../support/schema.ts';
import type { Scene } from './scene.ts';
import type { Story } from './stories.ts';

/** A story as it went on a real server. */
export interface Played {
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly document: Document;
  readonly audit: AuditEvent;
  /** The response to `GET /metrics`, complete. */
  readonly metrics: Buffer;
}

const CHANGE_MILLIS = 150;

/** Runs a story once, as a user would, and collects what the server has of it. */
export async function play(scene: Scene, story: Story): Promise<Played> {
  const args = [...story.args(scene.manifests), '-o', 'json', '--show-response'];
  const running = scene.run(...args);
  const { code, stdout, stderr } = await (story.isWatch === true ? whileChanging(scene, running) : running);
  const document = parseDocument(stdout);
  const sent = document.requests.at(-1);
  if (sent?.auditID == null) throw new Error(`${story.name} has sent no request: ${stderr}`);
  return {
    exitCode: code,
    stderr,
    document,
    audit: await auditEvent(scene.cluster.folder, sent.auditID),
    metrics: await scene.metrics(),
  };
}

/** Changes objects every now and then until something is over, as other clients do. */
async function whileChanging<Result>({ call }: Scene, running: Promise<Result>): Promise<Result> {
  const over = running.then(
    () => true,
    () => true,
  );
  for (let isOver = false; !isOver; isOver = await Promise.race([over, sleep(CHANGE_MILLIS, false)])) {
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'change-' } };
    await call('POST', '/api/v1/namespaces/default/configmaps', body);
  }
  return running;
}
