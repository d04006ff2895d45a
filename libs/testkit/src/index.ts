export { isProcessAlive } from './process-alive.js';
export { waitFor, type WaitOptions } from './wait-for.js';
export { makeTempDir, type TempDir } from './temp-dir.js';
export { connectRedis, type RedisConnection } from './redis/connect-redis.js';
export { findRedisServer, type ServerSearch } from './redis/find-redis-server.js';
export { TEST_CONFIG, type RedisConfig } from './redis/redis-config.js';
export { RedisServer } from './redis/redis-server.js';
export { freePort } from './redis/free-port.js';
export { startRedis, type RedisServerOptions } from './redis/start-redis.js';
export { evidenceCommand, type EvidentTask } from './evidence/evidence-command.js';
export { parseEvidence, type Evidence, type EvidenceLine } from './evidence/evidence-line.js';
export {
  checkEvidence,
  VIOLATIONS,
  type ExpectedRun,
  type ExpectedTask,
  type Violation,
  type ViolationKind,
} from './evidence/check-evidence.js';
export { ApiError, ClusterApi } from './cluster/cluster-api.js';
export { ClusterProcess, type FailpointAct } from './cluster/cluster-process.js';
export { Cluster } from './cluster/cluster.js';
export { endProcessesOf, processesOf } from './cluster/end-processes.js';
export { startCluster, type ClusterOptions } from './cluster/start-cluster.js';
export { asSettings, guideLines } from './docs/read-guide.js';
export { Machine, type RunOptions, type RunResult } from './network/machine.js';
export { makeNetwork, type MadeNetwork, type Network } from './network/make-network.js';
export { Site, type Placing, type ProgramRun } from './network/site.js';
export { seededRandom, type SeededRandom } from './crash/seeded-random.js';
export {
  evidentTask,
  jobFileOf,
  statesOf,
  type EvidentJob,
  type EvidentJobTask,
} from './crash/evident-job.js';
export { BOUNDARIES, victimsOf, type Boundary, type Victim } from './crash/boundaries.js';
export {
  describeViolation,
  EvidentCluster,
  type CrashViolation,
  type EvidentClusterOptions,
} from './crash/evident-cluster.js';
export { branchingJob } from './crash/branching-job.js';
export { runCell, type Cell, type CellOptions, type CellResult } from './crash/run-cell.js';
export { copyBuiltTree, copyCheckout } from './crash/copy-tree.js';
export { openCrashLab } from './crash/open-crash-lab.js';
export { repeatCrash, type CrashResult } from './crash/repeat-crash.js';
export { runTestFile } from './suite/run-test-file.js';
export { takeOver, type Departure, type TakeoverResult } from './crash/takeover.js';
export { VirtualProcess } from './virtual-time/virtual-process.js';
export { planKills, type Kill } from './year/plan-kills.js';
export { planPauses, type PlannedPause } from './year/plan-pauses.js';
export { yearJobs, type YearJob, type YearSchedule } from './year/year-jobs.js';
export type { ExpectedSchedule, ExpectedTick, ZoneChange } from './year/expected-schedule.js';
export type { YearFinding } from './year/tick-ledger.js';
export { runYear, type YearResult } from './year/run-year.js';
