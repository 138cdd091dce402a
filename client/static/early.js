/*
 * Between the first sight of a page and its coming alive nothing of it works. What a person does meanwhile is held here and done
 * once it can be (comeAlive.ts): a form shows that it waits, a button is pressed later. No form is sent off by the browser itself,
 * for all have the method "dialog", which does nothing outside a dialog.
 */
(() => {
  const page = document.documentElement;
  if ('alive' in page.dataset) return;

  /** @type {Map<Element, () => void>} What was asked for, each thing once. */
  const asked = new Map();
  const listening = new AbortController();
  const on = (type, listener) => document.addEventListener(type, listener, { capture: true, signal: listening.signal });

  on('submit', (event) => {
    event.preventDefault();
    const { target: form, submitter } = event;
    form.setAttribute('aria-busy', 'true');
    asked.set(form, () => {
      form.removeAttribute('aria-busy');
      form.requestSubmit(submitter);
    });
  });

  on('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button[type=button]') : null;
    if (button !== null) asked.set(button, () => button.click());
  });

  // A field of one line that grows with its words: Enter ends it, unless an input method composes.
  on('keydown', (event) => {
    const { target, key, isComposing, keyCode } = event;
    if (key !== 'Enter' || isComposing || keyCode === 229 || target.enterKeyHint !== 'go' || target.form == null) return;
    event.preventDefault();
    target.form.requestSubmit();
  });

  document.addEventListener(
    'alive',
    () => {
      listening.abort();
      for (const act of asked.values()) act();
    },
    { once: true },
  );
})();
