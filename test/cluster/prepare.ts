import { executable, executables } from './build.ts';
import { helm, otlpLoad } from './versions.ts';

/** Builds what the test cluster is made of, before any test's clock is running. */
await executables();
await executable(otlpLoad);
await executable(helm);
