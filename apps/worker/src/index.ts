export { Agent } from './agent/agent.js';
export type { AgentOptions } from './agent/agent-options.js';
export { readWorkerSettings, type WorkerSettings } from './settings/worker-settings.js';
