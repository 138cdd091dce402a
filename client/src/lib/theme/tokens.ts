/** The values of the custom properties in one block of app.css. */
export type Tokens = ReadonlyMap<string, string>;

/** Reads the block that follows `selector` in a style sheet. Throws if there is none. */
export function tokensAfter(css: string, selector: string): Tokens {
  const bare = css.replace(/\/\*[\s\S]*?\*\//g, '');
  const start = bare.indexOf(`${selector} {`);
  if (start < 0) throw new Error(`no block for ${selector}`);
  const block = bare.slice(bare.indexOf('{', start) + 1, bare.indexOf('}', start));
  return new Map([...block.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((found) => [found[1] ?? '', (found[2] ?? '').trim()]));
}

type Rgb = readonly [number, number, number];

/** `#rrggbb` as three numbers from 0 to 255. */
export function rgb(hex: string): Rgb {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (!found) throw new Error(`not a colour of the form #rrggbb: ${hex}`);
  return [parseInt(found[1] ?? '', 16), parseInt(found[2] ?? '', 16), parseInt(found[3] ?? '', 16)];
}

/** `part` (0 to 1) of one colour in another, as `color-mix(in srgb, ...)` has it. */
export function mix(color: Rgb, part: number, ground: Rgb): Rgb {
  const channel = (i: 0 | 1 | 2) => color[i] * part + ground[i] * (1 - part);
  return [channel(0), channel(1), channel(2)];
}

/** Contrast ratio of WCAG 2, from 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: Rgb): number {
  const [r, g, b] = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
