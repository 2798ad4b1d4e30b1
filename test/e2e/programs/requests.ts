import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';

/**
 * A client of the API server that is not kubectl: reads the kubeconfig of KUBECONFIG, sends what its argument says
 * (`[{"path": "/api/v1/nodes", "count": 3, "token": "…"}]`), one after the other, and prints each status.
 */
interface Wish {
  readonly path: string;
  readonly count?: number;
  /** In place of the kubeconfig's; null for none. */
  readonly token?: string | null;
}

const config = JSON.parse(readFileSync(process.env['KUBECONFIG'] ?? '', 'utf8')) as {
  readonly clusters: readonly [
    { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } },
  ];
  readonly users: readonly [{ readonly user: { readonly token: string } }];
};
const [{ cluster }] = config.clusters;
const [{ user }] = config.users;
const agent = new Agent({
  keepAlive: true,
  maxSockets: 1,
  ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
});

function send(path: string, token: string | null): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = token === null ? {} : { authorization: `Bearer ${token}` };
    request(cluster.server + path, { agent, headers })
      .on('response', (answer) => answer.resume().on('end', () => resolve(answer.statusCode ?? 0)))
      .on('error', reject)
      .end();
  });
}

for (const { path, count = 1, token = user.token } of JSON.parse(process.argv[2] ?? '[]') as Wish[]) {
  for (let i = 0; i < count; i++) process.stdout.write(`${await send(path, token)}\n`);
}
agent.destroy();
