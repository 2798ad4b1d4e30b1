/** `exceeded quota: NAME, requested: K=V,…, used: K=V,…, limited: K=V,…` */
const EXCEEDED = /exceeded quota: ([^,\s]+), requested: (\S+), used: (\S+), limited: (\S+)/;

/**
 * Which quota refuses a pod, and what of it is used: one resource after the other. The API server names the resources that
 * are exceeded (k8s.io/apiserver pkg/admission/plugin/resourcequota/controller.go, checkRequest). Another text is as it is.
 */
export function quotaWords(message: string): string {
  const [, name, requested, used, limited] = EXCEEDED.exec(message) ?? [];
  if (name === undefined) return message;
  const [wants, has] = [amounts(requested), amounts(used)];
  const parts = [...amounts(limited)].map(([resource, limit]) => {
    const inUse = has.get(resource) ?? '0';
    if (resource === 'pods') {
      return `${limit} ${limit === '1' ? 'pod' : 'pods'}, ${inUse} ${inUse === '1' ? 'is' : 'are'} used`;
    }
    return `${limit} of ${resource}, ${inUse} is used and ${wants.get(resource) ?? 'more'} is requested`;
  });
  return `quota ${name} allows ${parts.join('; ')}`;
}

const amounts = (text = ''): ReadonlyMap<string, string> =>
  new Map(text.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
