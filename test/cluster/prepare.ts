import { executables } from './build.ts';

/** Builds what the test cluster is made of, before any test's clock is running. */
await executables();
