import { defineCommand } from '../command.ts';
import { DOCTOR_FLAGS, parseDoctor, type DoctorInvocation } from './arguments.ts';

/** `doctor`. */
export const doctor = defineCommand<DoctorInvocation>({
  summary: 'Find out why there are no traces of requests, and what to change',
  usage: ['doctor'],
  examples: [
    ['Check the way of a trace from this machine to the trace backend', 'doctor'],
    ['Show what every check has looked at', 'doctor -o wide'],
    ['Check with a copy of the file that is on the control-plane node', 'doctor --tracing-config-file tracing.yaml'],
    ['Print the causes, for a script', "doctor -o jsonpath='{.causes}'"],
  ],
  common: ['backend', 'tracing-config-file', 'tracer-user', 'output'],
  flags: DOCTOR_FLAGS,
  parse: parseDoctor,
  load: async () => (await import('./run.ts')).runDoctor,
  errorDocument: async (_, report) => (await import('./document.ts')).errorDocument(report),
});
