/**
 * Our backend, for the tests: the one at `BASE_URL` if that is set, else the repository's local stack, started here with
 * an empty store in memory and stopped with the tests.
 *
 * A server at `BASE_URL` must have been started with `CORS_ORIGINS` equal to `TRUSTED_ORIGINS.join(',')`; its data may be
 * anything, the tests make users of their own.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { configurations } from './configurations.js';

/** The page the official client runs in: another port of the same site, as in local development. */
export const PAGE = 'http://127.0.0.1:3000';

/** What both servers are told to trust, beside their own origin. */
export const TRUSTED_ORIGINS = [PAGE, 'https://app.example.net', 'https://a.example.com'];

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** The first start compiles the workspace. */
const READY_WITHIN_MS = 20 * 60_000;

const STOPPED_WITHIN_MS = 10_000;

/** Why there is only one configuration, if so: a server that runs already is as it is. */
export const ONE_CONFIGURATION = process.env.BASE_URL ? 'a server at BASE_URL is configured already' : false;

/**
 * @param {string} [configuration] a name of `configurations.js`
 * @returns {Promise<{baseURL: string, close: () => Promise<void>}>}
 */
export async function startSubject(configuration = 'usual') {
  if (process.env.BASE_URL) return { baseURL: new URL(process.env.BASE_URL).origin, close: async () => {} };
  const child = spawn('cargo', ['run', '--locked', '--', '--port', '0', '--dynamodb-port', '0', '--data', ':memory:', '--no-demo'], {
    cwd: REPOSITORY,
    env: { ...process.env, CORS_ORIGINS: TRUSTED_ORIGINS.join(','), ...configurations[configuration].variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const close = () => stop(child);
  // A test file that ends for any other reason leaves no server behind.
  process.once('exit', () => child.kill());
  try {
    return { baseURL: await ready(child), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The address in the line `ready http://127.0.0.1:PORT`. */
function ready(child) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the local stack was not ready within ${READY_WITHIN_MS / 60_000} minutes`)),
      READY_WITHIN_MS,
    );
    const settle = (action) => (value) => {
      clearTimeout(timer);
      action(value);
    };
    child.once('error', settle(reject));
    child.once('exit', (code, signal) =>
      settle(reject)(new Error(`the local stack ended before it was ready (${signal ?? `exit code ${code}`})`)),
    );
    // Read to the end, so that a full pipe never stops the server.
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = /^ready (http:\/\/\S+)$/.exec(line);
      if (match) settle(resolve)(match[1]);
    });
  });
}

/** `cargo run` becomes the program it has built, so its process id is the server's. */
async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}
