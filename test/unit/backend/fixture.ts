import { readFileSync } from 'node:fs';

/** A response of Jaeger 1.62.0. */
export const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/jaeger/${name}`, import.meta.url), 'utf8');
