/**
 * `npm run bench`: the start, the proxy, and trees of metrics beside kubectl; then large traces and many pods. Each part is
 * a command as well (`npm run bench:start-up`, …). Ends with 1 when a goal is missed by more than noise.
 */
await import('./bench-start-up.ts');
await import('./bench-proxy.ts');
await import('./bench-metrics.ts');
await import('./bench-spans.ts');
await import('./bench-pods.ts');
