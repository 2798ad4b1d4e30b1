import { readFileSync } from 'node:fs';

/** An answer as Jaeger 1.62.0 gave it. */
export const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/jaeger/${name}`, import.meta.url), 'utf8');
