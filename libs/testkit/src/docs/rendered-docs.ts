import { renderErrors } from './render-errors.js';
import { renderMoves } from './render-moves.js';

/** A page of the documentation that is made from the code. */
export interface RenderedPage {
  /** From the top of the repository. */
  readonly path: string;
  readonly render: () => string;
}

/** Every page that is made from the code: `bin/docs.mjs` writes them, a test compares them. */
export const RENDERED_PAGES: readonly RenderedPage[] = [
  { path: 'docs/reference/errors.md', render: renderErrors },
  { path: 'docs/reference/moves.md', render: renderMoves },
];
