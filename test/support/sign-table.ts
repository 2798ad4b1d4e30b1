import { REASONS } from '../../src/pod/reason.ts';
import { SIGNS } from '../../src/pod/signs/sign-of.ts';
import type { Sign } from '../../src/pod/signs/sign.ts';

/** The rows of docs/pod.md that say which strings of Kubernetes mean which reason. */
export function signTable(): string[] {
  return REASONS.flatMap((reason) => SIGNS.filter((sign) => sign.reason === reason).map(signRow));
}

function signRow({ reason, stage, source, says, message }: Sign): string {
  const words = says.map((word) => `\`${word}\``).join(', ');
  const about = message === undefined ? '' : ` with ${message.map((part) => `\`${part.trim()}\``).join(', ')}`;
  return `| ${reason} | ${stage} | ${source}: ${words}${about} |`;
}
