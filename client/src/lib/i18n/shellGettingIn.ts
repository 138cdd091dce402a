/** The words of personal links and of the warning on plain connections. `en` gives the shape, `zh` must have the same. */
export const en = {
  personal: {
    title: 'Your personal link',
    signingIn: 'You are being signed in…',
    badTitle: 'This link does not lead in',
    bad: 'Ask the moderator or whoever gave you the slip for a new one.',
    noSecret: 'A part of the link is missing. Scan the code on your slip once more, or type the link to its end.',
    unreachable: 'You could not be signed in',
    isYou: (name: string) => `Is this ${name}’s device?`,
    signedInAs: (name: string) => `At the moment ${name} is signed in here.`,
    guestLoss: 'What a guest without a slip of his own wrote stays in the rooms, but he cannot come back as the same person.',
    goOnAs: (name: string) => `Go on as ${name}`,
    stay: (name: string) => `Stay ${name}`,
    into: (title: string) => `The link leads into “${title}”.`,
    roomOnly: 'It counts in that room only. Your account is entered by its own user name and password.',
    accountElse:
      'You came in by a personal link, which counts in its room only. Your account, other rooms and programs’ access need your own user name and password. To have your name and words erased, ask the administrator.',
    leavesLink: 'On this device you leave the room of your personal link; the link brings you back.',
  },
  forgot:
    'Forgot your password? If you have a slip with a code, scan it: it lets you into its room. For the account itself ask the administrator.',
  plain: {
    title: 'This connection is not encrypted',
    words: 'Others in the same network could read along. Use it only in a network you trust, and with no password that you use elsewhere.',
    understood: 'I understand',
  },
};

export const zh: typeof en = {
  personal: {
    title: '您的专属链接',
    signingIn: '正在登录……',
    badTitle: '这个链接无法使用',
    bad: '请向主持人或发纸条的工作人员索取新的链接。',
    noSecret: '链接不完整。请重新扫描纸条上的二维码，或完整输入链接。',
    unreachable: '未能登录',
    isYou: (name) => `这是${name}的设备吗？`,
    signedInAs: (name) => `目前在此登录的是${name}。`,
    guestLoss: '没有专属纸条的访客退出后，已写的内容仍在，但不能再以同一身份回来。',
    goOnAs: (name) => `以${name}的身份继续`,
    stay: (name) => `仍用${name}的身份`,
    into: (title) => `链接通往“${title}”。`,
    roomOnly: '链接只在该会商室内有效；账号须用自己的用户名和密码登录。',
    accountElse:
      '您是凭专属链接进入的，该链接只在其会商室内有效。账号、其他会商室和程序访问，须用自己的用户名和密码登录。如需清除姓名和所写内容，请联系管理员。',
    leavesLink: '本设备将退出专属链接所在的会商室；再打开该链接即可回去。',
  },
  forgot: '忘记密码？如有带二维码的纸条，扫码即可进入其会商室；账号本身请联系管理员。',
  plain: {
    title: '当前连接未加密',
    words: '同一网络中的他人可能看到内容。请仅在可信任的网络中使用，并且不要使用您在别处用的密码。',
    understood: '知道了',
  },
};
