#!/usr/bin/env -S MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=65536 node --max-semi-space-size=1 --optimize-for-size
// The leader, from its bundle if there is one: that saves memory and time at start. The flags keep its heap small.
import { existsSync } from 'node:fs';

const bundle = new URL('../dist/bundle/main.mjs', import.meta.url);
await import(existsSync(bundle) ? bundle.href : new URL('../dist/main.js', import.meta.url).href);
