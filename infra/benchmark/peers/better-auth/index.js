/** The Lambda function: events of an HTTP API, payload format 2.0, answered by Better Auth. */
import { auth } from './auth.js';
import { run } from './runtime.js';

await run(async (event) => {
  const query = event.rawQueryString ? `?${event.rawQueryString}` : '';
  const headers = new Headers(event.headers);
  if (event.cookies) headers.set('cookie', event.cookies.join('; '));
  const request = new Request(`https://${event.requestContext.domainName}${event.rawPath}${query}`, {
    method: event.requestContext.http.method,
    headers,
    body: event.isBase64Encoded ? Buffer.from(event.body, 'base64') : event.body,
  });
  const response = await auth.handler(request);
  const cookies = response.headers.getSetCookie();
  response.headers.delete('set-cookie');
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    cookies,
    body: await response.text(),
    isBase64Encoded: false,
  };
});
