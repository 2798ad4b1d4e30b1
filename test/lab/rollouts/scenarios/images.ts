import { registryHost } from '../../cluster/node/commands.ts';
import { image } from '../../pods/manifests.ts';

/** An image that the registry does not have. */
export const absent = `${registryHost}/absent:1`;

const templateImage = (name: string): object => ({
  template: { spec: { containers: [{ name: 'web', image: name }] } },
});

/** Changes of a template. */
export const breakImage = templateImage(absent);
export const fixImage = templateImage(image);
