export { Leader, type LeaderOptions } from './leader.js';
export { TermPort } from './leader-port.js';
