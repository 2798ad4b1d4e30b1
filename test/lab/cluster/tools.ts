import { modules, requiredVersion, stripped, type Program } from './versions.ts';

const tool = (name: string, folder: string, path: string, command: string): Program => ({
  name,
  version: requiredVersion(folder, path),
  module: `${modules}${folder}`,
  package: `${path}/cmd/${command}`,
  ldflags: stripped,
  expected: 'half a minute',
  variable: `KUBECTL_TRACE_TEST_${name.toUpperCase().replaceAll('-', '_')}`,
});

/** Installs plugins. kubectl finds it as kubectl-krew. */
export const krew = tool('krew', 'krew', 'sigs.k8s.io/krew', 'krew');

/** The check of krew's index, which installs each platform of a manifest by `kubectl krew`. */
export const validateKrewManifest = tool(
  'validate-krew-manifest',
  'krew',
  'sigs.k8s.io/krew',
  'validate-krew-manifest',
);

/** Checks workflows of GitHub Actions. */
export const actionlint = tool('actionlint', 'actionlint', 'github.com/rhysd/actionlint', 'actionlint');
