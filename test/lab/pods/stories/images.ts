import { privateHost, registryHost } from '../../cluster/node/commands.ts';
import { container, pod } from '../manifests.ts';
import { stuck, type Story, type TrueVerdict } from '../story.ts';

function story(name: string, says: string, image: string, waiting: string, verdict: TrueVerdict): Story {
  return {
    name,
    says,
    subject: pod(name, 'web', { containers: [container('web', ['serve', '8080'], { image })] }),
    moments: [{ name: 'final', when: (seen) => seen.waiting(waiting), verdict }],
  };
}

const absent = `${registryHost}/absent:1`;
const secret = `${privateHost}/shop:1`;
const invalid = `${registryHost}/Shop:1`;

export const imageStories: readonly Story[] = [
  story(
    'absent-image',
    'The registry knows no image of that name (404).',
    absent,
    'ImagePullBackOff',
    stuck('ImagePull', 'ImagePull', ['image', absent], { names: ['web'] }),
  ),
  story(
    'image-credentials',
    'The registry wants credentials that the pod does not have (401).',
    secret,
    'ImagePullBackOff',
    stuck('ImagePull', 'ImageAuth', ['image', secret], { names: ['web'] }),
  ),
  story(
    'invalid-image-name',
    'An image is named as none can be: in capital letters.',
    invalid,
    'InvalidImageName',
    stuck('ImagePull', 'InvalidImageName', ['image', invalid], { names: ['web'] }),
  ),
];
