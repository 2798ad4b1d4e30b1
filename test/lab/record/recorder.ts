import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCluster, type ContextName, type TestCluster } from '../cluster/cluster.ts';
import { measure } from './client.ts';
import { EpochClock } from './clock.ts';
import { writeRecording, type Truth } from './fixture.ts';
import { JaegerAnswers } from './jaeger.ts';
import { lookUp, questionsAbout } from './look-up.ts';
import { LogServer } from './kubelet.ts';
import { namespace } from './namespace.ts';
import { contextsOf, stories, type Story } from './stories.ts';
import { WebhookServer } from './webhooks.ts';
import { defineWidgets } from './widgets.ts';

/** For a server's watch to have brought what was prepared into its cache, as in a cluster that has existed for long. */
const settleMillis = 150;

/** Records the stories of these names against a real cluster of that version, and returns the number of requests. */
export async function record(kubernetes: string, names: ReadonlySet<string>, signal: AbortSignal): Promise<number> {
  const cluster = await startCluster({ kubernetes, signal });
  const clock = new EpochClock();
  let webhookServer: WebhookServer | undefined;
  let logServer: LogServer | undefined;
  try {
    await expectStatus(cluster, 201, 'POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    webhookServer = await WebhookServer.start(cluster, clock, namespace);
    logServer = await LogServer.start(cluster);
    await defineWidgets(cluster);
    const recorder = new StoryRecorder(cluster, clock, webhookServer, await serverVersion(cluster, kubernetes));
    const truths: Truth[] = [];
    for (const story of stories.filter(({ name }) => names.has(name))) {
      for (const context of contextsOf(story, kubernetes)) {
        signal.throwIfAborted();
        truths.push(await recorder.tell(story, context));
      }
    }
    const jaeger = new JaegerAnswers(cluster.backendURL);
    await jaeger.untilQuiet(truths.flatMap((truth) => questionsAbout(jaeger, truth)));
    for (const truth of truths) await writeRecording({ truth, ...(await lookUp(jaeger, truth)) });
    return truths.length;
  } finally {
    await cluster.stop();
    await webhookServer?.stop();
    await logServer?.stop();
  }
}

class StoryRecorder {
  readonly #cluster: TestCluster;
  readonly #clock: EpochClock;
  readonly #webhooks: WebhookServer;
  readonly #version: string;

  constructor(cluster: TestCluster, clock: EpochClock, webhooks: WebhookServer, version: string) {
    this.#cluster = cluster;
    this.#clock = clock;
    this.#webhooks = webhooks;
    this.#version = version;
  }

  async tell(story: Story, context: ContextName): Promise<Truth> {
    const object = `${context}-${story.name}`;
    for (const { method, path, body, contentType } of story.prepare?.(object) ?? []) {
      await expectStatus(this.#cluster, 201, method, path, body, contentType);
    }
    await sleep(settleMillis);
    const identity = await identityOf(this.#cluster, context);
    this.#webhooks.takeCalls();

    const { method, path, body, contentType = 'application/json' } = story.request(object);
    const [traceID, spanID] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
    const auditID = uuid(traceID.slice(0, 16) + spanID);
    const userAgent = `kubectl-trace-record/${object}-${randomBytes(4).toString('hex')}`;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const measured = await measure(this.#clock, {
      method,
      url: new URL(path, this.#cluster.server),
      authority: await readFile(this.#cluster.certificateAuthority, 'utf8'),
      headers: {
        authorization: `Bearer ${this.#cluster.token(context)}`,
        accept: 'application/json',
        ...(text === undefined ? {} : { 'content-type': contentType }),
        'user-agent': userAgent,
        traceparent: `00-${traceID}-${spanID}-01`,
        'audit-id': auditID,
      },
      body: text,
    });
    return {
      version: this.#version,
      context,
      story: story.name,
      ...identity,
      method,
      path,
      userAgent,
      requestBytes: Buffer.byteLength(text ?? ''),
      status: measured.status,
      responseBytes: measured.body.length,
      start: String(measured.start),
      end: String(measured.end),
      phases: measured.phases,
      headers: Object.fromEntries(
        Object.entries(measured.headers).filter(([name]) =>
          /^(content-type|audit-id|warning|x-kubernetes-.*)$/.test(name),
        ),
      ),
      traceID,
      spanID,
      auditID,
      webhookCalls: this.#webhooks.takeCalls(),
    };
  }
}

async function serverVersion(cluster: TestCluster, asked: string): Promise<string> {
  const { gitVersion } = JSON.parse((await cluster.call('GET', '/version')).body) as { gitVersion: string };
  if (gitVersion !== `v${asked}`) throw new Error(`kube-apiserver says ${gitVersion} where v${asked} was requested`);
  return asked;
}

async function identityOf(cluster: TestCluster, user: ContextName): Promise<Pick<Truth, 'user' | 'groups'>> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const answer = await cluster.call('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { user, body });
  if (answer.status === 401) return { user: null, groups: [] };
  const { status } = JSON.parse(answer.body) as { status: { userInfo: { username: string; groups: string[] } } };
  return { user: status.userInfo.username, groups: status.userInfo.groups };
}

async function expectStatus(
  cluster: TestCluster,
  expected: number,
  method: string,
  path: string,
  body: unknown,
  contentType = 'application/json',
): Promise<void> {
  const answer = await cluster.call(method, path, { body, headers: { 'content-type': contentType } });
  if (answer.status !== expected) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
}

function uuid(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
