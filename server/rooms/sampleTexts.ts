/** What the sample rooms say. Their people are simulated and say so in their names. */
export interface SampleTexts {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly background: string;
  readonly people: { readonly moderator: string; readonly first: string; readonly second: string };
  /** What a visitor is called who tries these seats in a copy of the room. */
  readonly seats: { readonly moderator: string; readonly member: string; readonly observer: string };
  readonly clauses: readonly string[];
  readonly comments: readonly {
    readonly by: 'moderator' | 'first' | 'second';
    readonly quote?: string;
    readonly answers?: number;
    readonly stance?: 'for' | 'against' | 'reservation';
    readonly body: string;
    readonly supportedBy?: readonly ('moderator' | 'first' | 'second')[];
  }[];
}

export const sampleTexts: readonly SampleTexts[] = [
  {
    id: 'sample-zh',
    title: '示例：开放公园的出入口怎么设',
    question: '公园拆除围墙之后，出入口放在哪里，才方便走路的人？',
    background: '这是一间示例会商室，其中的人员均为模拟。文本、留言和记录都可以随意查看。',
    people: { moderator: '主持人（模拟）', first: '委员甲（模拟）', second: '委员乙（模拟）' },
    seats: { moderator: '您（主持人）', member: '您（委员）', observer: '您（旁听）' },
    clauses: [
      '公园拆除围墙、融入街区之后，出入口不再只是大门，而是居民每天经过的第一段无障碍的路。出入口的设置应当先问走路的人，再问停车的人。',
      '出入口间距一般不超过三百米，临近小学、医院和公交站点的，应当在五十米以内设置与人行横道对正的出入口。',
      '每个出入口至少有一条净宽不小于一点五米、坡度不大于百分之五的通道，雨天不积水，夜间有照明，冬季不结冰。',
      '出入口周边的非机动车停放点由街道会同公园管理单位划定，不占用盲道。',
    ],
    comments: [
      {
        by: 'first',
        quote: '第一段无障碍的路',
        stance: 'for',
        body: '建议写明婴儿车与轮椅同样适用，并请残联在验收时到场。',
        supportedBy: ['second', 'moderator'],
      },
      { by: 'moderator', answers: 1, body: '可以写入。验收清单里增加一项，由残联签字。' },
      {
        by: 'second',
        quote: '在五十米以内',
        stance: 'reservation',
        body: '老城区小学门口没有五十米可退，能否改为“临近”并附图示？',
        supportedBy: ['first'],
      },
      { by: 'second', quote: '三百米', stance: 'against', body: '三百米对老人太远，二百米更合适；管理成本需要另行测算。' },
    ],
  },
  {
    id: 'sample-en',
    title: 'Sample: where should open parks have their entrances?',
    question: 'Once the walls are gone, where do the entrances go so that people on foot are served first?',
    background: 'This is a sample room; the people in it are simulated. Look at the text, the comments and the record as you like.',
    people: { moderator: 'Moderator (simulated)', first: 'Member A (simulated)', second: 'Member B (simulated)' },
    seats: { moderator: 'You (moderator)', member: 'You (member)', observer: 'You (observer)' },
    clauses: [
      'Once a park gives up its walls and becomes part of the street, an entrance is no longer a gate: it is the first step-free stretch of road that people walk each day. Ask those who walk before those who park.',
      'Entrances lie no more than three hundred metres apart; beside schools, clinics and bus stops one lies within fifty metres and in line with the crossing.',
      'Each entrance has at least one path 1.5 metres clear, no steeper than five per cent, free of standing water, lit at night and free of ice in winter.',
      'Places for bicycles are marked by the street office together with the park and never cover tactile paving.',
    ],
    comments: [
      {
        by: 'first',
        quote: 'the first step-free stretch of road',
        stance: 'for',
        body: 'Say that prams count as well as wheelchairs, and have the disabled people’s federation at the acceptance.',
        supportedBy: ['second', 'moderator'],
      },
      { by: 'moderator', answers: 1, body: 'We can take that in: one line on the acceptance list, signed by the federation.' },
      {
        by: 'second',
        quote: 'within fifty metres',
        stance: 'reservation',
        body: 'Old town schools have no fifty metres to give. “Near”, with a drawing?',
        supportedBy: ['first'],
      },
      {
        by: 'second',
        quote: 'three hundred metres',
        stance: 'against',
        body: 'Three hundred metres is far for the old; two hundred would do. The upkeep has to be costed first.',
      },
    ],
  },
];
