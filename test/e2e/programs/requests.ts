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
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
  /** Prints the response's body in place of its status. */
  readonly printBody?: boolean;
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

function send({ path, token = user.token, method = 'GET', body, printBody, ...wish }: Wish): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { ...wish.headers, ...(token !== null && { authorization: `Bearer ${token}` }) };
    request(cluster.server + path, { agent, method, headers })
      .on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve(printBody === true ? text.trim() : String(response.statusCode ?? 0)));
      })
      .on('error', reject)
      .end(body);
  });
}

for (const wish of JSON.parse(process.argv[2] ?? '[]') as Wish[]) {
  for (let i = 0; i < (wish.count ?? 1); i++) process.stdout.write(`${await send(wish)}\n`);
}
agent.destroy();
