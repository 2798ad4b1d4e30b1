import { shell } from '../../format/shell-command.ts';
import type { KnownError } from './known-error.ts';

const inspect: KnownError['next'] = ({ image }) => [
  { command: shell`docker manifest inspect ${image}`, when: 'which platforms does it have?' },
  { command: shell`kubectl get nodes -L kubernetes.io/os,kubernetes.io/arch`, when: 'which nodes would fit?' },
];

/** A program that cannot be executed: runc's text at the start, or all that the container has logged. */
export const EXEC_FORMAT: KnownError = {
  example: 'exec /app: exec format error',
  pattern: /exec format error/i,
  message: ([why = ''], { image, platform }) =>
    `its program is not built for ${platform} (${why.toLowerCase()}): image ${image} is built for another architecture, or the file is a script without "#!"`,
  owner: 'author',
  who: ({ platform }) =>
    `the image's publisher (build it for ${platform}), or the manifest's author (choose other nodes)`,
  next: inspect,
};

/** Errors that only containers have: runc (libcontainer), crun, hcsshim, and the kubelet's checks before the start. */
export const START_ERRORS: readonly KnownError[] = [
  EXEC_FORMAT,
  {
    example: 'exec: "server": executable file not found in $PATH',
    pattern: /exec: ".*executable file not found in (?:\$PATH|%PATH%).*$/s,
    message: ([why]) => `the image does not have the program: ${why}`,
    owner: 'author',
    who: () => "the manifest's author (command), or the image's publisher",
  },
  {
    example: 'exec: "/bin/server": stat /bin/server: no such file or directory',
    pattern: /exec:? "?(?!.*permission denied).*no such file or directory.*$/s,
    message: ([why]) => `the image does not have the program, or the interpreter of its script: ${why}`,
    owner: 'author',
    who: () => "the manifest's author (command), or the image's publisher",
  },
  {
    example: 'hcs::System::CreateProcess: The system cannot find the file specified.',
    pattern: /The system cannot find the (?:file|path) specified/,
    message: ([why]) => `the image does not have the program: ${why}`,
    owner: 'author',
    who: () => "the manifest's author (command), or the image's publisher",
  },
  {
    example: 'exec: "/app/run.sh": permission denied',
    pattern: /exec:? "?.*permission denied.*$/s,
    message: ([why]) => `the program may not be executed: ${why}`,
    owner: 'author',
    who: () => "the image's publisher (chmod +x), or the manifest's author (securityContext)",
  },
  {
    example: 'container has runAsNonRoot and image will run as root',
    pattern:
      /container has runAsNonRoot and image (?:will run as root|has non-numeric user[^,]*)|container's runAsUser breaks non-root policy/,
    message: ([why]) => `runAsNonRoot forbids the image's user: ${why}`,
    owner: 'author',
    who: () => "the manifest's author: set runAsUser to a number other than 0, or use an image with another user",
  },
  {
    example: "container's runAsUserName (ContainerAdministrator) … will break non-root policy",
    pattern: /container's runAsUserName \(([^)]*)\).*non-root policy/,
    message: ([, user = '']) => `runAsNonRoot forbids the user ${user}`,
    owner: 'author',
    who: () => "the manifest's author: set windowsOptions.runAsUserName to another user, such as ContainerUser",
  },
  {
    example: 'unable to find user app: no matching entries in passwd file',
    pattern: /unable to find (?:user|group) [^:]*: no matching entries in \w+ file/,
    message: ([why]) => `the image does not have the user: ${why}`,
    owner: 'author',
    who: () => "the manifest's author (runAsUser), or the image's publisher",
  },
  {
    example: 'error mounting "/…/settings" to rootfs at "/etc/app.conf": not a directory',
    pattern: /error mounting "[^"]*" to rootfs at "([^"]*)".*$/s,
    message: ([why, path = '']) => `a volume cannot be mounted at ${path}: ${why}`,
    owner: 'author',
    who: () => "the manifest's author (mountPath and subPath)",
  },
  {
    example: 'failed to prepare subPath for volumeMount "data" of container "app"',
    pattern: /failed to (?:prepare|create) subPath.*$/s,
    message: ([why]) => `a subPath cannot be created: ${why}`,
    owner: 'author',
    who: () => "the manifest's author (subPath)",
  },
];
