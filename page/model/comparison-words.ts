import { formatDuration } from '../../src/analysis/wording/duration.ts';
import type { RowPair } from './comparison.ts';
import type { Content } from './content.ts';

/** `+4.00 ms`, `-2.00 ms`; nothing where a time is not known. */
export function deltaText(delta: number | undefined): string {
  if (delta === undefined) return '';
  return delta > 0 ? `+${formatDuration(delta)}` : formatDuration(delta);
}

/** `+50 %`, `-3.1 %`; `new` and `gone` for a row that one trace alone has. */
export function shareText({ shown, compared, share }: RowPair): string {
  if (compared === undefined) return 'new';
  if (shown === undefined) return 'gone';
  if (share === undefined) return '';
  if (share === 0) return '0 %';
  const percent = Math.abs(share) * 100;
  if (percent < 0.05) return '< 0.1 %';
  return `${share < 0 ? '-' : '+'}${percent < 9.95 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

const INCOMPLETE: ReadonlySet<string> = new Set(['partial', 'missing', 'skipped', 'measured']);

/** With what the trace is compared, and what the reader has to know of it. */
export function comparisonSentences({ verdict, compared }: Content): string[] {
  if (compared === undefined) return [];
  const about = [compared.title, ...compared.header.slice(0, 1)].filter((text) => text !== '').join('; ');
  const sentences = [`Compared with: ${about}`];
  for (const [name, state] of [
    ['This trace', verdict],
    ['The other trace', compared.verdict],
  ] as const) {
    if (state !== null && INCOMPLETE.has(state))
      sentences.push(`${name} is ${state}: a row that it does not have may not have been recorded.`);
  }
  return sentences;
}
