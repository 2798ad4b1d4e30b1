import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { executable, executables } from '../lab/cluster/build.ts';
import { jaegerArgs, jaegerEnvironment, serverEnvironment } from '../lab/cluster/commands.ts';
import { Supervision } from '../lab/cluster/supervision.ts';
import { hotrod } from '../lab/cluster/versions.ts';
import { cleanHome, kubectlTrace, type Outcome } from './kubectl-trace.ts';

/**
 * A program to be run by `inOwnNetwork` (namespaces.ts), since HotROD listens on every interface: Jaeger, HotROD and
 * the built program in one network, where one ride is requested, and its trace shown as a tree and as JSON. They all
 * end with it.
 */

/** Its output, as JSON. */
export interface HotrodScene {
  readonly traceID: string;
  readonly tree: Outcome;
  readonly json: Outcome;
  /** Network interfaces that are up. */
  readonly interfaces: readonly string[];
}

/** The default ones, which are all free there. */
const ports = { otlpGRPC: 4317, otlpHTTP: 4318, jaeger: 16686, etcd: 0, apiserver: 0 };
const startMillis = 60_000;

const binaries = await executables({ without: ['etcd', 'kube-apiserver', 'kubectl'] });
const supervision = await Supervision.begin();
const home = cleanHome();
try {
  const backend = `http://127.0.0.1:${ports.jaeger}`;
  const environment = serverEnvironment({});
  await start('jaeger', binaries.jaeger, jaegerArgs(ports, {}), { ...environment, ...jaegerEnvironment });
  for (const port of [ports.otlpHTTP, ports.jaeger]) await untilListening('jaeger', port);
  await start('hotrod', await executable(hotrod), ['all'], environment);
  for (const port of [8080, 8081, 8082, 8083]) await untilListening('hotrod', port);

  const ride = await fetch('http://127.0.0.1:8080/dispatch?customer=123');
  const traceID = /^00-([0-9a-f]{32})-/.exec(ride.headers.get('traceresponse') ?? '')?.[1];
  if (!ride.ok || traceID === undefined) throw new Error(`HotROD: ${ride.status} ${await ride.text()}`);
  const show = (...args: string[]): Promise<Outcome> =>
    kubectlTrace(home.path, ['show', traceID, '--backend', `jaeger=${backend}`, '--width', '120', ...args]);
  const [tree, json] = await Promise.all([show(), show('-o', 'json')]);
  const scene: HotrodScene = { traceID, tree, json, interfaces: Object.keys(networkInterfaces()) };
  process.stdout.write(JSON.stringify(scene));
} finally {
  await supervision.finish();
  home.remove();
}

async function start(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  await supervision.start({ name, command, args, env, log: join(supervision.folder, 'logs', `${name}.log`) });
}

async function untilListening(name: string, port: number): Promise<void> {
  const deadline = performance.now() + startMillis;
  while (!(await isListening(port))) {
    const how = supervision.server(name)?.ended;
    if (how !== undefined) throw new Error(`${name} ended with ${how}`);
    if (performance.now() > deadline) throw new Error(`${name} does not listen on port ${port}`);
    await sleep(50);
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
