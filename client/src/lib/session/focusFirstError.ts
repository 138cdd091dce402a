import { tick } from 'svelte';

/** Moves the focus to the first field of a form that has something wrong with it. */
export async function focusFirstError(form: HTMLElement | undefined): Promise<void> {
  await tick();
  form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
