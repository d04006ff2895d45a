export { RINGS } from './find-test-files.js';
export { runSuite, type SuiteOptions } from './run-suite.js';
export { type Check } from './run-check.js';
export { readSuiteArguments, SUITE_USAGE, type SuiteArguments } from './suite-arguments.js';
