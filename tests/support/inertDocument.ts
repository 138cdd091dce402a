import { JSDOM } from 'jsdom';

const { DOMParser } = new JSDOM().window;

/** What a browser's DOMParser gives, where there is no browser. */
export function inertDocument(html: string): Document {
  return new DOMParser().parseFromString(html, 'text/html');
}
