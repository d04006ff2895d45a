export * from './keys.js';
export * from './script.js';
export * from './connect.js';
export * from './check-redis.js';
export * from './refusal.js';
export * from './exposure.js';
export type { Redis } from 'ioredis';
