/** What no file system of today takes in a name. */
// eslint-disable-next-line no-control-regex
const refused = /[\u0000-\u001f\u007f-\u009f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/**
 * A title as the name of a file on any system, without an ending. Characters that turn the direction of writing are left out:
 * they make an ending look like another one.
 * @param fallback the name where nothing of the title is left
 */
export function fileName(title: string, fallback: string): string {
  const words = title.toWellFormed().replace(refused, ' ').replace(/\s+/g, ' ').trim();
  const name = [...words]
    .slice(0, 80)
    .join('')
    .replace(/^\.+|[. ]+$/g, '');
  return name === '' || /^(?:con|prn|aux|nul|com\d|lpt\d)$/i.test(name) ? fallback : name;
}
