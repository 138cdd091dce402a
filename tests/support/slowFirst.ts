import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/** What takes longest begins first, so that no worker is left alone with it at the end: rows of faults, then whole servers. */
const slow = [
  /tests[\\/]faults[\\/]slice/,
  /tests[\\/]integration[\\/](sample|starting)/,
  /tests[\\/](replay|integration|rooms|anchors)[\\/]/,
];

/** Orders files by what they do; among their like as Vitest does, by what it remembers of them. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = slow.findIndex((pattern) => pattern.test(moduleId));
      return found === -1 ? slow.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
