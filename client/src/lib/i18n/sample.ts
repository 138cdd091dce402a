import type { Lang } from './lang.ts';

/** The words of the page with the living sample room. `en` gives the shape, `zh` must have the same. */
const en = {
  title: 'Sample room',
  heading: 'One room, three seats, all of them yours',
  explain: 'Whoever is called “simulated” is played by a program. Write, comment, steer: nothing here matters, and in an hour it is gone.',
  seats: 'Seats',
  seat: { moderator: 'Moderator', member: 'Member', observer: 'Observer' },
  seatOf: (seat: string) => `The room as the ${seat.toLowerCase()} sees it`,
  pull: 'Disconnect',
  pullHint: 'Cuts the member’s seat off, as when the network in the hall fails.',
  plug: 'Reconnect',
  again: 'Start over',
  out: 'The member’s seat is cut off. Write something there: it is kept on this device.',
  scribble: 'Write two changes for me',
  scribbled: ['Written without', ' a connection.'],
  cut: 'cut off',
  unsaved: (changes: number) => `Not saved, ${changes} ${changes === 1 ? 'change' : 'changes'} on this device`,
  saving: 'Saving…',
  saved: 'Saved',
  back: 'Reconnected: everybody has it.',
  opening: 'Three seats are being prepared…',
  ended: 'This copy of the sample room is gone.',
};

const zh: typeof en = {
  title: '示例会商室',
  heading: '一间会商室，三个座位都是您的',
  explain: '名字里带“模拟”的人由程序扮演。您可以随意写、随意留言、随意主持，一小时后全部清空。',
  seats: '座位',
  seat: { moderator: '主持人', member: '委员', observer: '旁听' },
  seatOf: (seat) => `${seat}看到的会商室`,
  pull: '拔网线',
  pullHint: '让委员座位断网，就像会场网络出了故障。',
  plug: '插回网线',
  again: '重新开始',
  out: '委员座位已断网。请在里面写几个字：内容留在本设备上。',
  scribble: '替我写两处',
  scribbled: ['断网时', '写下的话。'],
  cut: '已断网',
  unsaved: (changes) => `未保存，本机有 ${changes} 处改动`,
  saving: '正在保存……',
  saved: '已保存',
  back: '网线已插回，所有人都看到了。',
  opening: '正在准备三个座位……',
  ended: '这份示例会商室已清空。',
};

export const sampleWords: Readonly<Record<Lang, typeof en>> = { zh, en };
