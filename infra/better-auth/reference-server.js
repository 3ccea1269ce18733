/**
 * The original server: npm `better-auth` over its memory adapter, on a free port, as our backend is configured:
 * e-mail and password, mails (`configurations.js`), the bearer and JWT plugins, no rate limit (a test suite is a flood). What it
 * would mail is at `/_local/mail.json`, as our local stack has it.
 *
 * It runs in a worker thread, because `NODE_ENV` has to be `production` before the package is loaded: that is what a
 * deployed server is, and it decides what `/error` answers (302 to `/?error=…`; a development server draws a page).
 */
import http from 'node:http';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { configurations } from './configurations.js';

/**
 * @param {{trustedOrigins: string[], configuration?: string}} options
 * @returns {Promise<{baseURL: string, close: () => Promise<void>}>}
 */
export async function startReference({ trustedOrigins, configuration = 'usual' }) {
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { trustedOrigins, configuration },
    env: { ...process.env, NODE_ENV: 'production', BETTER_AUTH_TELEMETRY: '0' },
  });
  const baseURL = await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return { baseURL, close: async () => void (await worker.terminate()) };
}

async function serve({ trustedOrigins, configuration }) {
  const [{ betterAuth }, { memoryAdapter }, { bearer, jwt }] = await Promise.all([
    import('better-auth'),
    import('better-auth/adapters/memory'),
    import('better-auth/plugins'),
  ]);
  const server = http.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseURL = `http://127.0.0.1:${server.address().port}`;
  const mails = [];
  const send = async ({ user, url }) => void mails.push({ to: user.email, url });
  const options = configurations[configuration].options(send);
  const auth = betterAuth({
    baseURL,
    secret: 'reference-secret-0123456789-ABCDEFGHIJKLMNOPQRSTUV',
    trustedOrigins,
    database: memoryAdapter({ user: [], session: [], account: [], verification: [], jwks: [] }),
    emailAndPassword: { enabled: true, sendResetPassword: send, ...options.emailAndPassword },
    emailVerification: { sendVerificationEmail: send, ...options.emailVerification },
    user: options.user,
    rateLimit: { enabled: false },
    logger: { disabled: true },
    plugins: [bearer(), jwt()],
    // A SQL table has null where nothing was given. The memory adapter leaves the field out.
    databaseHooks: { user: { create: { before: async (user) => ({ data: { ...user, image: user.image ?? null } }) } } },
  });
  server.on('request', async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, baseURL);
    if (pathname === '/_local/mail.json') {
      response.end(JSON.stringify(mails.filter(({ to }) => to === searchParams.get('to'))));
      return;
    }
    const answer = await auth.handler(await toWebRequest(request, baseURL));
    const headers = Object.fromEntries([...answer.headers].filter(([name]) => name !== 'set-cookie'));
    response.writeHead(answer.status, { ...headers, 'set-cookie': answer.headers.getSetCookie() });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  parentPort.postMessage(baseURL);
}

/**
 * The handler is given a `Request` as by a host that speaks the web's own types. The package's adapter for Node drops a
 * body that has no media type before the handler can refuse it.
 */
async function toWebRequest(request, baseURL) {
  const chunks = await request.toArray();
  const headers = new Headers(Object.entries(request.headers));
  // The client's address comes from the proxy in front of the server, here as behind an API gateway.
  headers.set('x-forwarded-for', request.socket.remoteAddress);
  return new Request(baseURL + request.url, {
    method: request.method,
    headers,
    body: chunks.length > 0 ? Buffer.concat(chunks) : undefined,
  });
}

if (!isMainThread && workerData?.trustedOrigins) await serve(workerData);
