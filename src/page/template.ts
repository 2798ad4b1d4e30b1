import { readFileSync } from 'node:fs';

/** The parts of the page that `npm run build` makes of page/, ASCII alone. */
export interface PageParts {
  readonly style: string;
  readonly script: string;
  /** For the list of traces in `serve`. */
  readonly listScript: string;
  /** `sha256-…`, as a Content-Security-Policy names them. */
  readonly styleHash: string;
  readonly scriptHash: string;
  readonly listScriptHash: string;
}

/**
 * The parts as they were built. The build puts dist/page.json in the place of this module, so that only the commands that
 * write a page read it; from the sources, it is what the last build has made.
 */
export const { parts } = JSON.parse(readFileSync(new URL('../../dist/page.json', import.meta.url), 'latin1')) as {
  readonly parts: PageParts;
};
