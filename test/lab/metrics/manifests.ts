import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The resource of the aggregated API server, and the group of the custom resource that a webhook converts. */
export const GAUGES = 'gauges';
export const WIDGETS = 'conversion.metrics.test';

/** Paths of the files that stories send. */
export interface Manifests {
  readonly secret: string;
  readonly configMap: string;
}

export function writeManifests(folder: string): Manifests {
  const write = (kind: string, data: Readonly<Record<string, string>>): string => {
    const file = join(folder, `${kind}.json`);
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind, metadata: { name: 'story' }, data }));
    return file;
  };
  return { secret: write('Secret', {}), configMap: write('ConfigMap', { c: 'd' }) };
}
