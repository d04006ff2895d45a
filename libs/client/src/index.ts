export { createClient, type ClientOptions } from './create-client.js';
export type {
  BackfillOptions,
  CatchupOptions,
  LogQuery,
  PetitClient,
  RunQuery,
  StreamOptions,
  TriggerOptions,
} from './petit-client.js';
