import type { Flag, FlagGroup } from './flag.ts';

/** Groups whose flags are also set by the environment. */
const HAVE_ENVIRONMENT: readonly FlagGroup[] = ['answer', 'follow', 'lookup', 'backend', 'export', 'output', 'serve'];

/** `KUBECTL_TRACE_WAIT`; undefined for what is about one request (its objects, kubectl's connection flags). */
export function environmentName(flag: Flag): string | undefined {
  if (!HAVE_ENVIRONMENT.includes(flag.group)) return undefined;
  return `KUBECTL_TRACE_${flag.name.toUpperCase().replaceAll('-', '_')}`;
}
