/** Better Auth over DynamoDB: as much of it as an account with a password needs to sign in and to be known afterwards. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { createAdapterFactory } from 'better-auth/adapters';
import { indexes, table } from './tables.js';

export const client = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});

/** The rows of a model that meet all conditions, found by the key or through an index: a table is never read as a whole. */
async function find(model, where) {
  const other = where.find(({ operator, connector }) => operator !== 'eq' || connector !== 'AND');
  if (other) throw new Error(`${model}: ${other.connector} ${other.field} ${other.operator} is not supported`);
  const meets = (row) => where.every(({ field, value }) => row[field] === value);
  const id = where.find(({ field }) => field === 'id');
  if (id) {
    const { Item } = await client.send(new GetCommand({ TableName: table(model), Key: { id: id.value } }));
    return Item && meets(Item) ? [Item] : [];
  }
  const indexed = where.find(({ field }) => indexes[model].includes(field));
  if (!indexed) throw new Error(`${model}: there is no index for ${where.map(({ field }) => field)}`);
  const { Items } = await client.send(
    new QueryCommand({
      TableName: table(model),
      IndexName: indexed.field,
      KeyConditionExpression: '#field = :value',
      ExpressionAttributeNames: { '#field': indexed.field },
      ExpressionAttributeValues: { ':value': indexed.value },
    }),
  );
  return Items.filter(meets);
}

const put = (model, row) => client.send(new PutCommand({ TableName: table(model), Item: row }));

export const dynamodbAdapter = createAdapterFactory({
  config: { adapterId: 'dynamodb', supportsDates: false, supportsNumericIds: false },
  adapter: () => ({
    async create({ model, data }) {
      await put(model, data);
      return data;
    },
    async findOne({ model, where }) {
      const [row] = await find(model, where);
      return row ?? null;
    },
    async findMany({ model, where = [], limit }) {
      return (await find(model, where)).slice(0, limit);
    },
    async count({ model, where = [] }) {
      return (await find(model, where)).length;
    },
    async update({ model, where, update }) {
      const [row] = await find(model, where);
      if (!row) return null;
      await put(model, { ...row, ...update });
      return { ...row, ...update };
    },
    async updateMany({ model, where, update }) {
      const rows = await find(model, where);
      await Promise.all(rows.map((row) => put(model, { ...row, ...update })));
      return rows.length;
    },
    async delete({ model, where }) {
      await this.deleteMany({ model, where });
    },
    async deleteMany({ model, where }) {
      const rows = await find(model, where);
      await Promise.all(
        rows.map(({ id }) => client.send(new DeleteCommand({ TableName: table(model), Key: { id } }))),
      );
      return rows.length;
    },
  }),
});
