/** One item of a field's list, as scanned. */
export type FieldItem =
  /** Numbers, written as cron-parser reads them: `*`, `5`, `1-5`, `0-59/15`. */
  | { readonly kind: 'values'; readonly text: string; readonly rhythm: boolean }
  /** `L` and `L-3`: so many days before the last of the month. */
  | { readonly kind: 'last_day'; readonly daysBefore: number }
  /** `15W`: the Monday to Friday nearest to that day, in the same month. */
  | { readonly kind: 'nearest_weekday'; readonly day: number }
  /** `LW`: the last Monday to Friday of the month. */
  | { readonly kind: 'last_weekday' }
  /** `FRI#2`: the second Friday of the month. */
  | { readonly kind: 'nth'; readonly weekday: number; readonly nth: number }
  /** `FRIL` and `FRI#L`: the last Friday of the month. */
  | { readonly kind: 'last_of_weekday'; readonly weekday: number };
