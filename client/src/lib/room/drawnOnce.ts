/**
 * HTML that the server draws into a page and that the browser never asks for again. In the browser it is a space: Svelte leaves what the
 * server drew in its place when it takes the page over, whatever the value is, as long as it is not empty.
 */
export class DrawnOnce {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}
