/** A board of the small cluster that `up` starts. */
export interface Board {
  readonly name: string;
  /** `label=value` pairs with commas between. */
  readonly labels: string;
  readonly slots: number;
}

/** Two boards that differ in a label, so that placement can be seen. */
export const BOARDS: readonly Board[] = [
  { name: 'cube1', labels: 'role=storage', slots: 2 },
  { name: 'cube2', labels: 'role=compute', slots: 2 },
];
