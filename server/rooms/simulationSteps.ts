import type { Stance } from '#shared/domain/comments/events.ts';

export type SimulatedPart = 'first' | 'second';

/** What a simulated person does next. */
export type SimulatedStep =
  /** Types at the end of a block of the draft, counted from 0; `new` is a paragraph of his own. */
  | { readonly by: SimulatedPart; readonly does: 'type'; readonly block: number | 'new'; readonly words: string }
  /** `answers`: how many comments back the answered one is, 1 for the last one by somebody simulated. */
  | { readonly by: SimulatedPart; readonly does: 'comment'; readonly body: string; readonly stance?: Stance; readonly answers?: 1 | 2 }
  /** Supports the comment with this number. */
  | { readonly by: SimulatedPart; readonly does: 'support'; readonly comment: number };

/** What happens in a sample room while somebody watches, and what is said to a visitor who comments. */
export const simulations: Readonly<Record<'zh' | 'en', { readonly steps: readonly SimulatedStep[]; readonly thanks: string }>> = {
  zh: {
    steps: [
      { by: 'first', does: 'type', block: 2, words: '轮椅和婴儿车都能通过。' },
      { by: 'second', does: 'comment', body: '刚加的这一句很要紧，建议再写明夜间照明到几点。', stance: 'for' },
      { by: 'first', does: 'comment', body: '照明到最后一班公交之后半小时，您看可以吗？', answers: 1 },
      { by: 'second', does: 'type', block: 1, words: '老城区可以酌情放宽。' },
      { by: 'first', does: 'support', comment: 4 },
      { by: 'first', does: 'comment', body: '“酌情”由谁来定？请写清楚。', stance: 'reservation' },
      { by: 'second', does: 'type', block: 'new', words: '各街道每年十月公布出入口改造清单，并说明上一年的办理结果。' },
      { by: 'second', does: 'comment', body: '改为由街道会同公园管理单位认定，并公布理由。', answers: 1 },
      { by: 'first', does: 'comment', body: '清单公布在哪里？社区公告栏和网上都要有。', stance: 'for' },
      { by: 'second', does: 'type', block: 3, words: '停放点离出入口不超过五十米。' },
    ],
    thanks: '谢谢您的留言。（这条回复由程序模拟）',
  },
  en: {
    steps: [
      { by: 'first', does: 'type', block: 2, words: ' Wheelchairs and prams pass without help.' },
      { by: 'second', does: 'comment', body: 'That sentence matters. Say as well until when it is lit.', stance: 'for' },
      { by: 'first', does: 'comment', body: 'Until half an hour after the last bus?', answers: 1 },
      { by: 'second', does: 'type', block: 1, words: ' In the old town this may be relaxed.' },
      { by: 'first', does: 'support', comment: 4 },
      { by: 'first', does: 'comment', body: 'Relaxed by whom? That has to be said.', stance: 'reservation' },
      {
        by: 'second',
        does: 'type',
        block: 'new',
        words: 'Each street office publishes its list of entrances every October, and what became of last year’s.',
      },
      { by: 'second', does: 'comment', body: 'By the street office together with the park, with reasons given.', answers: 1 },
      { by: 'first', does: 'comment', body: 'Where is the list put up? On the board and online, please.', stance: 'for' },
      { by: 'second', does: 'type', block: 3, words: ' None is farther than fifty metres from the entrance.' },
    ],
    thanks: 'Thank you for your comment. (This reply is simulated.)',
  },
};
