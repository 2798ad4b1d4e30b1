import { startCluster } from '../cluster.ts';

/** Starts a cluster and never stops it: ends normally, or with an exception when its argument is `throw`. */
await startCluster();
if (process.argv[2] === 'throw') throw new Error('thrown with a cluster running');
