import { diskUse, pullByHand, removeUnusedImages, runtimeLog } from '../node-commands.ts';
import { noPart, shell, shellPart } from '../../format/shell-command.ts';
import { RUNTIME_DOWN } from './runtime-errors.ts';
import { ofNode, waitForNode, type KnownError } from './known-error.ts';

/**
 * Failed pulls, the most specific first: the kubelet (pkg/kubelet/images/helpers.go), containerd (core/remotes/docker,
 * core/images, core/unpack), CRI-O and its containers/image library, and Go's net, crypto/tls and crypto/x509.
 */
export const PULL_ERRORS: readonly KnownError[] = [
  RUNTIME_DOWN,
  {
    example: 'pull QPS exceeded',
    pattern: /pull QPS exceeded/,
    message: () =>
      'the kubelet limits its own pulls (pull QPS exceeded; registryPullQPS, by default 5 a second): it did not contact the registry',
    owner: 'cluster-admin',
    who: ({ node }) =>
      `the administrator of node ${node} (registryPullQPS and registryBurst); the kubelet will retry on its own`,
    waitingFor: ({ node }) => ({ kind: 'kubelet', name: node }),
    next: ({ node }) => [
      {
        command: shell`kubectl get --raw /api/v1/nodes/${node}/proxy/configz`,
        when: 'for registryPullQPS and registryBurst',
      },
    ],
  },
  {
    example: 'write /var/lib/containerd/…: no space left on device',
    pattern: /no space left on device|disk quota exceeded|not enough space on the disk/i,
    message: ([why], { node }) => `the disk of node ${node} is full: ${why}, while the image was stored`,
    owner: 'cluster-admin',
    who: ofNode,
    waitingFor: waitForNode,
    next: ({ snapshot, node }) => [
      diskUse(snapshot),
      removeUnusedImages(snapshot),
      { command: shell`kubectl describe node ${node}`, when: 'does it report DiskPressure?' },
    ],
  },
  {
    example: 'no match for platform in manifest: not found',
    pattern:
      /no match for platform in manifest|no matching manifest for [\w./]+|no image found in (?:manifest list|image index) for [^:;]+/,
    message: ([why], { image, platform }) => `${image} has no variant for ${platform} (${why})`,
    owner: 'author',
    who: ({ platform }) =>
      `the image's publisher (build it for ${platform}), or the manifest's author (choose other nodes)`,
    next: ({ image }) => [
      { command: shell`docker manifest inspect ${image}`, when: 'which platforms does it have?' },
      { command: shell`kubectl get nodes -L kubernetes.io/os,kubernetes.io/arch`, when: 'which nodes would fit?' },
    ],
  },
  {
    example: '429 Too Many Requests; toomanyrequests: You have reached your pull rate limit',
    pattern: /429 Too Many Requests|toomanyrequests/i,
    message: () => 'the registry limits the rate of pulls (429 Too Many Requests)',
    owner: 'registry',
    who: () => "the registry's limit for this address or account; an imagePullSecret or a mirror has another limit",
  },
  {
    example: 'proxyconnect tcp: dial tcp PROXY: connect: connection refused',
    pattern: /proxyconnect tcp: (.*)$/s,
    message: ([, why = ''], { node }) => `the proxy of the runtime of node ${node} cannot be used: ${why}`,
    owner: 'cluster-admin',
    who: ({ node }) => `the administrator of node ${node} (HTTPS_PROXY and NO_PROXY of its runtime), or of the proxy`,
    next: ({ snapshot }) => [runtimeLog(snapshot)],
  },
  {
    // Go's transport has nothing but the status text of a proxy that refuses CONNECT (net/http/transport.go).
    example: 'failed to do request: Head "https://HOST/v2/…": Forbidden',
    pattern:
      /(?:Head|Get|Post) "?https:[^ ]+"?: (Forbidden|Proxy Authentication Required|Bad Gateway|Service Unavailable|Gateway Timeout|Not Found|Method Not Allowed)(?:$|[\s:])/,
    message: ([, why = ''], { node }) =>
      `the proxy of the runtime of node ${node} does not let it reach the registry (${why})`,
    owner: 'cluster-admin',
    who: ({ node }) => `the administrator of node ${node} (HTTPS_PROXY and NO_PROXY of its runtime), or of the proxy`,
    next: ({ snapshot }) => [runtimeLog(snapshot)],
  },
  {
    example: 'media type "application/vnd.docker.distribution.manifest.v1+prettyjws" is no longer supported',
    pattern:
      /media type "application\/vnd\.docker\.distribution\.manifest\.v1\+\w+" is no longer supported[^,]*|(?:schema ?1|v1\+prettyjws)[^;]*not supported[^;]*|not implemented: schema 1[^;]*/i,
    message: ([why], { image }) => `${image} has a manifest of schema 1, which the runtime no longer reads: ${why}`,
    owner: 'author',
    who: () => "the image's publisher: push it again with a current builder (schema 2 or OCI)",
    nameInDoubt: true,
  },
  {
    example: 'dial tcp: lookup HOST on SERVER:53: no such host',
    pattern:
      /lookup (\S+?)(?: on (\S+?)(?::\d+)?)?: (?:.*: )?(no such host|server misbehaving|Temporary failure[\w ]*|i\/o timeout|connection refused)/,
    message: ([, host = '', server = '', why = '']) =>
      `the name ${host} does not resolve (${why}${server === '' ? '' : `, DNS server ${server}`})`,
    owner: 'author',
    who: ({ node, image }, [, host = '']) =>
      image.startsWith(host)
        ? `the image name, or the DNS of node ${node}`
        : `the DNS of node ${node}, or the mirror or proxy that its runtime is configured with`,
    next: ({ node }, [, host = '', server = '']) => [
      {
        command: shell`nslookup ${host}${server === '' ? noPart : shellPart` ${server}`}`,
        when: `on node ${node}`,
      },
    ],
    nameInDoubt: true,
  },
  {
    example: 'tls: failed to verify certificate: x509: certificate signed by unknown authority',
    pattern: /x509: (.*)$/,
    message: ([, why = '']) => `the registry's certificate is not trusted: ${why}`,
    owner: 'cluster-admin',
    who: ({ node }) =>
      `the administrator of node ${node} (CA of the registry in the runtime's configuration), or of the registry`,
  },
  {
    example: 'http: server gave HTTP response to HTTPS client',
    pattern: /server gave HTTP response to HTTPS client/,
    message: ([why]) => `the registry does not speak TLS (${why})`,
    owner: 'cluster-admin',
    who: ({ node }) =>
      `the administrator of node ${node} (the runtime has to know it as an insecure registry), or of the registry`,
  },
  {
    example: 'Source image rejected: A signature was required, but no signature exists',
    pattern: /(?:signature validation failed|Source image rejected|A signature was required)[^;]*/i,
    message: ([why], { node }) => `the signature policy of node ${node} rejects the image: ${why}`,
    owner: 'cluster-admin',
    who: ({ node }) => `the image's publisher (sign it), or the administrator of node ${node} (its signature policy)`,
  },
  {
    example: 'short-name resolution enforced but cannot prompt without a TTY',
    pattern: /short-name [^;]*/,
    message: ([why], { image }) => `${image} names no registry, and the runtime does not guess one: ${why}`,
    owner: 'author',
    who: () => "the manifest's author: write the image with its registry",
    nameInDoubt: true,
  },
  {
    example: 'unexpected status from HEAD request: 503 Service Unavailable',
    pattern: /(5\d\d (?:Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out))/i,
    message: ([, status = '']) => `the registry fails with ${status}`,
    owner: 'registry',
    who: () => 'the administrator of the registry',
  },
  {
    example: 'failed commit on ref "layer-sha256:…": unexpected commit digest; failed size validation',
    pattern:
      /(?:failed commit on ref.*(?:unexpected commit digest|failed size validation)|unexpected commit digest|failed size validation|digest did not match|filesystem layer verification failed).*$/is,
    message: ([why]) => `the data from the registry does not match the manifest: ${why}`,
    owner: 'registry',
    who: ({ node }) => `the administrator of the registry, or of a mirror or proxy between it and node ${node}`,
    next: ({ snapshot, image }) => [pullByHand(snapshot, image)],
  },
  {
    example: 'failed to extract layer sha256:…: failed to mount …: overlayfs: invalid argument',
    pattern:
      /(?:failed to (?:extract layer|prepare extraction snapshot|register layer|commit snapshot)|(?:error )?creating overlay mount|failed to mount|wrong diff ?id|failed commit on ref|(?:copying|writing|storing) (?:blob|layer)).*$/is,
    message: ([why]) => `the image was found, but the runtime cannot store or unpack it: ${why}`,
    owner: 'cluster-admin',
    who: ({ node }) =>
      `the administrator of node ${node} (image store of the runtime), or the image's publisher (broken layer)`,
    waitingFor: waitForNode,
    next: ({ snapshot }) => [runtimeLog(snapshot), diskUse(snapshot)],
  },
  {
    example: 'dial tcp ADDRESS:443: connect: connection refused; context deadline exceeded',
    pattern:
      /registry is unavailable|connection refused|i\/o timeout|no route to host|network is unreachable|connection reset by peer|TLS handshake timeout|context deadline exceeded|Client\.Timeout exceeded|context canceled|unexpected EOF|EOF$/,
    message: ([why]) => `the registry cannot be reached, or stopped sending (${why})`,
    owner: 'registry',
    who: ({ node }) => `the registry, or the network and proxy of node ${node}`,
  },
  {
    example: 'failed to resolve reference: not found; manifest unknown',
    pattern:
      /: not found$|manifest unknown|not found: manifest|name unknown|repository name not known|NotFound|404 Not Found/i,
    message: (_, { image }) => `the registry has no ${image}`,
    owner: 'author',
    who: () => "the manifest's author (wrong image), or the image's publisher (not pushed yet)",
    nameInDoubt: true,
  },
];
