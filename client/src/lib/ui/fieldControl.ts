/** What a field hands to its input, so that label, hint and error belong to it for the ear too. */
export interface FieldControl {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': 'true' | undefined;
}
