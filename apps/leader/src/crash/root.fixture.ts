import { fileURLToPath } from 'node:url';

/** The checkout that this file was built in, or a copy of its built tree. */
export const ROOT: string = fileURLToPath(new URL('../../../../', import.meta.url));
