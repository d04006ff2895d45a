export * from './fence.js';
export * from './lease-store.js';
export * from './run-store.js';
export * from './tick-store.js';
export * from './pause-store.js';
export * from './report-stream.js';
export * from './cluster-store.js';
export * from './log-store.js';
