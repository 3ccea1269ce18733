import { hash, verify } from '@node-rs/argon2';
import { betterAuth } from 'better-auth';
import { bearer } from 'better-auth/plugins';
import { dynamodbAdapter } from './dynamodb-adapter.js';

// The package's own hash is scrypt. Every program that is measured has this one, with the same parameters.
const argon2id = { memoryCost: 19456, timeCost: 2, parallelism: 1 };

export const auth = betterAuth({
  baseURL: process.env.BASE_URL,
  secret: process.env.JWT_SECRET_KEY,
  trustedOrigins: process.env.CORS_ORIGINS.split(','),
  database: dynamodbAdapter,
  emailAndPassword: {
    enabled: true,
    password: {
      hash: (password) => hash(password, argon2id),
      verify: ({ hash, password }) => verify(hash, password),
    },
  },
  // It counts in the memory of a process, of which there are many on Lambda, and would refuse one that is measured.
  rateLimit: { enabled: false },
  plugins: [bearer()],
});
