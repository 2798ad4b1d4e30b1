import { globSync } from 'node:fs';
import { join } from 'node:path';
import { debianFiles } from '../lab/cluster/debian.ts';

/** Environment variables that move the clock of the tested program by this many milliseconds. */
export type ClockShift = (millis: number) => Readonly<Record<string, string>>;

/** The executable loads no code that a variable of Node.js names, so libfaketime moves its clock. */
export async function clockShift(): Promise<ClockShift> {
  if (process.env['KUBECTL_TRACE_PROGRAM'] === undefined) {
    return (millis) => ({ NODE_OPTIONS: `--import=${shiftedModule(millis)}` });
  }
  const wanted = { name: 'faketime', packages: ['libfaketime'], title: 'libfaketime' };
  const root = await debianFiles(wanted, process.env, (line) => void process.stderr.write(`${line}\n`));
  const [library] = globSync(join(root, 'usr/lib/*/faketime/libfaketime.so.1'));
  if (library === undefined) throw new Error(`${root} has no libfaketime.so.1`);
  return (millis) => ({
    LD_PRELOAD: library,
    FAKETIME: `${millis < 0 ? '' : '+'}${millis / 1000}`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  });
}

/** Moves every clock that a program of Node.js has. */
const shiftedModule = (millis: number): string =>
  `data:text/javascript,const{timeOrigin}=performance;const{now}=Date;Object.defineProperty(performance,'timeOrigin',{value:timeOrigin+${millis}});Date.now=()=>now()+${millis}`.replaceAll(
    ' ',
    '%20',
  );
