/**
 * The Lambda Runtime API. AWS's client for it, aws-lambda-ric, compiles C++ when it is installed; this does less than it does.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import http from 'node:http';

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

async function call(method, path, body) {
  const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
  const url = { hostname, port, method, path: `/2018-06-01/runtime/invocation/${path}`, agent };
  const response = await new Promise((resolve, reject) => {
    const request = http.request(url, resolve).on('error', reject);
    if (body) request.setHeader('content-length', Buffer.byteLength(body));
    request.end(body);
  });
  const chunks = await response.toArray();
  return { id: response.headers['lambda-runtime-aws-request-id'], body: Buffer.concat(chunks).toString() };
}

/** Answers one event after the other. */
export async function run(handler) {
  for (;;) {
    const { id, body } = await call('GET', 'next');
    try {
      await call('POST', `${id}/response`, JSON.stringify(await handler(JSON.parse(body))));
    } catch (error) {
      const reason = { errorType: error.name, errorMessage: error.message, stackTrace: error.stack.split('\n') };
      await call('POST', `${id}/error`, JSON.stringify(reason));
    }
  }
}
