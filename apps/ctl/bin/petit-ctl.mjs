#!/usr/bin/env node
import { existsSync } from 'node:fs';

const bundle = new URL('../dist/bundle/main.mjs', import.meta.url);
await import(existsSync(bundle) ? bundle.href : new URL('../dist/main.js', import.meta.url).href);
