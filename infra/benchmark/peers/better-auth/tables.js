/** Each model is a table with `id` for its key, and an index for each field that Better Auth looks rows up by. */
export const indexes = {
  user: ['email'],
  session: ['token', 'userId'],
  account: ['userId'],
  verification: ['identifier'],
};

export const table = (model) => `BetterAuth-${model}`;
