import { describe, expect, it } from 'vitest';
import { placeBeside } from './placeAt.ts';

const window = { width: 360, height: 640 };
const button = (left: number, top: number) => ({ left, right: left + 44, top, bottom: top + 44 });
const size = { width: 200, height: 300 };

describe('[UI12] what a button opens lies beside it and in the window', () => {
  it.each([
    ['below, at its right edge', button(300, 10), 'end', { left: 144, top: 60, most: 572 }],
    ['below, at its left edge', button(20, 10), 'start', { left: 20, top: 60, most: 572 }],
    ['below, at its middle', button(150, 10), 'center', { left: 72, top: 60, most: 572 }],
    ['above where there is more room', button(300, 590), 'end', { left: 144, top: 284, most: 576 }],
    ['not over the left edge', button(0, 10), 'end', { left: 8, top: 60, most: 572 }],
    ['not over the right edge', button(316, 10), 'start', { left: 152, top: 60, most: 572 }],
  ] as const)('%s', (_title, box, align, placed) => {
    expect(placeBeside(box, size, window, align)).toEqual(placed);
  });

  it('is cut to the larger side where neither has room enough', () => {
    expect(placeBeside(button(0, 250), { width: 200, height: 900 }, window, 'start')).toEqual({ left: 8, top: 300, most: 332 });
    expect(placeBeside(button(0, 400), { width: 200, height: 900 }, window, 'start')).toEqual({ left: 8, top: 8, most: 386 });
  });
});
