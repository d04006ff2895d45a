#!/usr/bin/env node
// Set-up: makes a checkout ready to run, without root and without touching anything outside of it.
//   node deploy/setup.mjs [--with TOOL,TOOL...] [--no-build]
import { onThisNode } from './setup/on-this-node.mjs';

onThisNode(function () {
  return import('./setup/main.mjs').then(function (main) {
    return main.setUp(process.argv.slice(2));
  });
});
