export * from './keys.js';
export * from './script.js';
export * from './connect.js';
export * from './check-redis.js';
export type { Redis } from 'ioredis';
