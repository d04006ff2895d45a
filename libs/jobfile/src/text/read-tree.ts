import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Document,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { quote } from '../problem/quote.js';
import type { ProblemList } from '../problem/problem-list.js';
import { FILE_LIMITS } from './limits.js';
import { TOO_MANY_ENTRIES } from './parse-yaml.js';
import { ListChildren, type Place } from './place.js';

/** A value of a file as JSON has it. */
export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };

/** What a file holds, and where each of its values stands. */
export interface Tree {
  readonly plain: Plain;
  readonly root: Place;
}

/** The type tags that say no more than what is there anyway. */
const PLAIN_TAGS: ReadonlySet<string> = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'seq', 'map'].map((name) => `tag:yaml.org,2002:${name}`),
);

/**
 * Reads a parsed document into plain values with their places. Tags, merge keys, keys that are no text, equal keys and
 * what does not fit into JSON are told as problems; aliases are followed within stated
 * bounds. Null when it stopped at such a bound.
 */
export function readTree(document: Document, text: string, problems: ProblemList): Tree | null {
  return new TreeReader(text, problems).read(document);
}

interface Found {
  readonly plain: Plain;
  readonly place: Place;
}

class TreeReader {
  readonly #text: string;
  readonly #problems: ProblemList;
  /** The last node of each anchor that was read so far; aliases can only point back. */
  readonly #anchors = new Map<string, unknown>();
  /** How many nodes with an anchor are around: what is in one may be read again, all else is let go once it was read. */
  #anchored = 0;
  #aliases = 0;
  #aliasDepth = 0;
  #aliasedValues = 0;
  /** A bound was reached: what is left of the file is not looked at. */
  #stopped = false;

  constructor(text: string, problems: ProblemList) {
    this.#text = text;
    this.#problems = problems;
  }

  read(document: Document): Tree | null {
    const { plain, place } = this.#value(document.contents, {
      offset: 0,
      keyOffset: null,
      depth: 0,
    });
    return this.#stopped ? null : { plain, root: place };
  }

  #value(node: unknown, at: At): Found {
    if (this.#aliasDepth > 0) this.#countAliased(at);
    if (this.#stopped) return nothing(at);
    if (isAlias(node))
      return this.#alias(node.source, { ...at, offset: node.range?.[0] ?? at.offset });
    if (isScalar(node)) return this.#scalar(node, at);
    if (!isMap(node) && !isSeq(node)) return nothing(at);
    const here = { ...at, offset: node.range?.[0] ?? at.offset };
    this.#checkTag(node.tag, here.offset);
    if (at.depth >= FILE_LIMITS.depth) {
      this.#stop(here, `lists and maps are nested more than ${FILE_LIMITS.depth} deep`);
      return nothing(here);
    }
    if (node.items.length > FILE_LIMITS.entries) {
      this.#stop(here, TOO_MANY_ENTRIES);
      return nothing(here);
    }
    const hasAnchor = node.anchor !== undefined;
    if (hasAnchor) this.#anchored += 1;
    const found = isMap(node) ? this.#map(node, here) : this.#list(node.items, here);
    if (hasAnchor) this.#anchored -= 1;
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    else if (this.#anchored === 0) node.items.length = 0;
    return found;
  }

  #scalar(node: Scalar, at: At): Found {
    const offset = node.range?.[0] ?? at.offset;
    this.#checkTag(node.tag, offset);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    const raw = node.range == null ? '' : this.#text.slice(node.range[0], node.range[1]);
    const place = { offset, keyOffset: at.keyOffset, raw, children: NO_CHILDREN };
    return { plain: this.#scalarValue(node.value, raw, offset), place };
  }

  #scalarValue(value: unknown, raw: string, offset: number): Plain {
    if (typeof value === 'string') {
      this.#checkText(value, offset);
      return value;
    }
    if (typeof value === 'boolean') return value;
    if (typeof value === 'number') {
      if (Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
      const message = `the number ${quote(raw)} cannot be kept exactly: put it in quotes to have it as text`;
      this.#problems.add({ offset, code: 'inexact_number', message, found: raw });
    }
    return null;
  }

  #list(items: readonly unknown[], at: At): Found {
    const plain: Plain[] = [];
    if (items.length === 0) return { plain, place: emptyAt(at) };
    const places: Place[] = [];
    for (const item of items) {
      const found = this.#value(item, { offset: at.offset, keyOffset: null, depth: at.depth + 1 });
      places.push(found.place);
      plain.push(found.plain);
    }
    const children = new ListChildren(places);
    return { plain, place: { offset: at.offset, keyOffset: at.keyOffset, raw: null, children } };
  }

  #map(node: YAMLMap, at: At): Found {
    const plain: { [key: string]: Plain } = {};
    if (node.items.length === 0) return { plain, place: emptyAt(at) };
    const children = new Map<string, Place>();
    for (const pair of node.items) {
      const keyOffset = (isNode(pair.key) ? pair.key.range?.[0] : null) ?? at.offset;
      const key = this.#key(pair.key, keyOffset);
      const found = this.#value(pair.value, { offset: keyOffset, keyOffset, depth: at.depth + 1 });
      if (key === null || this.#isDuplicate(key, children, keyOffset)) continue;
      children.set(key, found.place);
      plain[key] = found.plain;
    }
    return { plain, place: { offset: at.offset, keyOffset: at.keyOffset, raw: null, children } };
  }

  /** The text of a key, or null when it is not one that a job file may have. */
  #key(node: unknown, offset: number): string | null {
    const value = isScalar(node) ? node.value : undefined;
    const key = typeof value === 'number' || typeof value === 'boolean' ? scalarText(node) : value;
    if (isScalar(node)) {
      this.#checkTag(node.tag, offset);
      if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    }
    if (typeof key !== 'string') {
      const message = this.#isTemplate(offset)
        ? 'a template must be in quotes: without them YAML reads "{{" as two maps'
        : `a key must be text, not ${keyWord(node)}`;
      this.#problems.add({ offset, code: 'yaml_feature', message });
      return null;
    }
    this.#checkText(key, offset);
    if (key === '<<') {
      const message = 'merge keys ("<<") are not supported: write the keys out';
      this.#problems.add({ offset, code: 'yaml_feature', message });
      return null;
    }
    if (key === '__proto__') {
      this.#problems.add({
        offset,
        code: 'unknown_key',
        message: 'the key "__proto__" is not allowed',
        found: key,
      });
      return null;
    }
    return key;
  }

  #isTemplate(offset: number): boolean {
    return this.#text.slice(Math.max(0, offset - 1), offset + 1) === '{{';
  }

  #isDuplicate(key: string, children: ReadonlyMap<string, Place>, offset: number): boolean {
    const first = children.get(key);
    if (first === undefined) return false;
    const { line } = this.#problems.positionOf(first.keyOffset ?? first.offset);
    const message = `the key ${quote(key)} stands here a second time, after line ${line}`;
    this.#problems.add({ offset, code: 'duplicate_key', message, found: key });
    return true;
  }

  #alias(name: string, at: At): Found {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      const shown = quote(name).slice(1, -1);
      const message = `the alias "*${shown}" has no anchor "&${shown}" that ended before it; put it in quotes to have it as text`;
      this.#problems.add({ offset: at.offset, code: 'yaml_syntax', message, found: `*${name}` });
      return nothing(at);
    }
    this.#aliases += 1;
    if (this.#aliases > FILE_LIMITS.aliases) {
      this.#stop(at, `the file has more than ${FILE_LIMITS.aliases} aliases`);
      return nothing(at);
    }
    this.#aliasDepth += 1;
    const { plain, place } = this.#value(target, at);
    this.#aliasDepth -= 1;
    return { plain, place: { ...place, keyOffset: at.keyOffset } };
  }

  #countAliased(at: At): void {
    this.#aliasedValues += 1;
    if (this.#aliasedValues > FILE_LIMITS.aliasedValues)
      this.#stop(at, `aliases make more than ${FILE_LIMITS.aliasedValues} values of this file`);
  }

  #checkTag(tag: string | undefined, offset: number): void {
    if (tag === undefined || PLAIN_TAGS.has(tag)) return;
    const shown = tag.replace(/^tag:yaml\.org,2002:/, '!!');
    const message = `the tag ${quote(shown)} is not supported`;
    this.#problems.add({
      offset: this.#tagOffset(offset),
      code: 'yaml_feature',
      message,
      found: shown,
    });
  }

  /** A tag stands before what it is about. */
  #tagOffset(offset: number): number {
    const before = this.#text.slice(Math.max(0, offset - MAX_TAG_LENGTH), offset);
    const at = before.search(/![^\s,[\]{}]*\s*(?:&\S+\s*)?$/);
    return at < 0 ? offset : offset - before.length + at;
  }

  /** An argument, a variable or a name cannot hold NUL, and half a surrogate pair has no bytes. */
  #checkText(text: string, offset: number): void {
    const bad = /[\0\p{Surrogate}]/u.exec(text)?.[0];
    if (bad === undefined) return;
    const found = `U+${(bad.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    const message = `this text holds ${found}, which no program can be given`;
    this.#problems.add({ offset, code: 'bad_character', message, found });
  }

  #stop(at: At, message: string): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#problems.add({ offset: at.offset, code: 'too_complex', message });
  }
}

/** Tags are looked for so far before what they are about. */
const MAX_TAG_LENGTH = 200;

/** What stands where a key should. */
function keyWord(node: unknown): string {
  if (isAlias(node)) return 'an alias';
  if (isMap(node)) return 'a map';
  return isSeq(node) ? 'a list' : 'nothing';
}

/** Where a value would stand when it has no place of its own, and how deep. */
interface At {
  readonly offset: number;
  readonly keyOffset: number | null;
  readonly depth: number;
}

const NO_CHILDREN = new ListChildren([]);

/** A list or a map with nothing in it. */
function emptyAt({ offset, keyOffset }: At): Place {
  return { offset, keyOffset, raw: null, children: NO_CHILDREN };
}

function nothing(at: At): Found {
  return {
    plain: null,
    place: { offset: at.offset, keyOffset: at.keyOffset, raw: '', children: NO_CHILDREN },
  };
}

/** A number or a truth value used as a key, as it is written. */
function scalarText(node: unknown): string {
  return isScalar(node) ? (node.source ?? String(node.value)) : '';
}
