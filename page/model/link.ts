import { parseSpanID, type SpanID } from '../../src/trace/ids.ts';

/** What the part of an address after its # says: `#span=ID`, `#subtree=ID`, or both. */
export interface Link {
  /** The span that is selected. */
  readonly span: SpanID | undefined;
  /** Only this span and those below it are shown. */
  readonly subtree: SpanID | undefined;
}

export function readLink(hash: string): Link {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const idOf = (name: string): SpanID | undefined => parseSpanID((parameters.get(name) ?? '').toLowerCase());
  return { span: idOf('span'), subtree: idOf('subtree') };
}

/** Empty for a page as it is opened. */
export function writeLink({ span, subtree }: Link): string {
  const parameters = new URLSearchParams();
  if (subtree !== undefined) parameters.set('subtree', subtree);
  if (span !== undefined) parameters.set('span', span);
  const text = parameters.toString();
  return text === '' ? '' : `#${text}`;
}
