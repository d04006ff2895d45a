export { createClient, type ClientOptions } from './create-client.js';
export type {
  LogQuery,
  PetitClient,
  RunQuery,
  StreamOptions,
  TriggerOptions,
} from './petit-client.js';
