import { renderErrors } from './render-errors.js';
import { renderDefaultsSchema, renderJobFile, renderJobSchema } from './render-job-file.js';
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
  { path: 'docs/reference/defaults.schema.json', render: renderDefaultsSchema },
  { path: 'docs/reference/job-file.md', render: renderJobFile },
  { path: 'docs/reference/job.schema.json', render: renderJobSchema },
  { path: 'docs/reference/moves.md', render: renderMoves },
];
