#!/usr/bin/env node
// `npm start`: set-up, then a small cluster from this checkout with the examples.
import { onThisNode } from './setup/on-this-node.mjs';

onThisNode(function () {
  return import('./setup/start-examples.mjs').then(function (start) {
    return start.startExamples(process.argv.slice(2));
  });
});
