import type { PetitError } from '@petit/model';

/** What stands as `code` in an error of petit's routes: it knows one word for all that went wrong on its own side. */
export function petitCodeOf({ httpStatus, code }: PetitError): string {
  return httpStatus >= 500 ? 'INTERNAL_ERROR' : code;
}
