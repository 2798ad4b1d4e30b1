import { startWaiting } from '../../../../../src/commands/run/waiting.ts';
import { testRuntime } from '../../../kube/fixture.ts';

/** Starts a program that waits for its kubeconfig, says where that is, and is killed. */
const command = [process.execPath, '-e', "require('node:fs').readFileSync(process.env.KUBECONFIG)"];
const waiting = await startWaiting({ command, readsInput: false }, testRuntime({ env: process.env }));
const kubeconfig = waiting?.folder.kubeconfig;
process.stdout.write(`${JSON.stringify({ kubeconfig })}\n`, () => process.kill(process.pid, 'SIGKILL'));
