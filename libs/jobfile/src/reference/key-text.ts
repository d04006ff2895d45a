import type { JsonValue } from '@petit/model';

/** What a person is told of a key: in the hover text of an editor, and in `docs/reference/job-file.md`. */
export interface KeyText {
  /** What it does, in sentences. */
  readonly text: string;
  /** What is so where the key is not there; null when it may not be. */
  readonly absent: string | null;
  readonly example: JsonValue;
}

/** A text for each key of a shape: a key without one does not compile. */
export type TextsOf<Keys> = { readonly [Key in keyof Keys]: KeyText };
