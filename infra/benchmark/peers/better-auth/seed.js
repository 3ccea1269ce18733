/** Makes the tables, and the account and session that the events of `events/` are of. */
import { readFile } from 'node:fs/promises';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { auth } from './auth.js';
import { client } from './dynamodb-adapter.js';
import { indexes, table } from './tables.js';

const event = async (path) => JSON.parse(await readFile(new URL(`../../../../events/${path}.json`, import.meta.url)));

for (const [model, fields] of Object.entries(indexes)) {
  await client.send(
    new CreateTableCommand({
      TableName: table(model),
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['id', ...fields].map((field) => ({ AttributeName: field, AttributeType: 'S' })),
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: fields.map((field) => ({
        IndexName: field,
        KeySchema: [{ AttributeName: field, KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      })),
    }),
  );
}

const { email, password } = JSON.parse((await event('auth-sign-in-email/signed-in')).body);
const { user } = await auth.api.signUpEmail({ body: { email, password, name: 'Demo' } });
const { headers } = await event('auth-get-session/bearer');
const { internalAdapter } = await auth.$context;
await internalAdapter.createSession(user.id, false, { token: headers.authorization.slice('Bearer '.length) }, true);
