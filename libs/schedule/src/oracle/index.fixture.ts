/** The door `@petit/schedule/oracle`, for tests and bench only: what is due, worked out by brute force. */
export {
  isOnGrid,
  oracleTicks,
  oracleTicksIn,
  type OraclePolicy,
  type OracleQuestion,
  type OracleTick,
} from './oracle-ticks.fixture.js';
export { oracleMatcher } from './oracle-matcher.fixture.js';
export { readWalls, wallReader, type WallRange, type WallSeries } from './wall-series.fixture.js';
export { changesBetween, type WallChange } from './zone-changes.fixture.js';
