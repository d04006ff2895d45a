export { oracleMatcher, wallReader } from './oracle/index.fixture.js';
