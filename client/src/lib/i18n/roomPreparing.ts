import type { Loss } from '../drafts/pasteCleaning.ts';
import type { Unreadable } from '../drafts/reading/readText.ts';

/** The words of preparing a room: taking the text out and in, background files, the start, archive and deletion. `en` gives the shape, `zh` must have the same. */
export const en = {
  export: {
    item: 'Export the text…',
    title: 'Export the text',
    hint: 'The text as it is saved now, as a file on this device.',
    formats: {
      docx: 'Word document',
      md: 'Markdown',
      html: 'Web page',
    },
    details: {
      docx: 'For Word, WPS and LibreOffice',
      md: 'Plain text with marks, for programs and archives',
      html: 'Opens in any browser, can be printed',
    },
  },
  import: {
    item: 'Bring in a text…',
    title: 'Bring in a text',
    hint: 'A Word file (.docx), Markdown or plain text. It is read on this device; you see it before it goes into the draft.',
    empty: 'The draft is still empty.',
    choose: 'Choose a file…',
    drop: 'or drop it here',
    paste: 'Or paste a text here',
    readPasted: 'Look at it',
    reading: (name: string) => `Reading ${name}…`,
    pasted: 'the pasted text',
    previewTitle: (name: string) => `Preview: ${name}`,
    counts: (characters: string, headings: string, tables: string) => `${characters} characters, ${headings} headings, ${tables} tables`,
    titleDropped: 'The first heading is the title of the room and is not repeated.',
    lostTitle: 'This could not be taken:',
    lostNothing: 'Everything could be taken.',
    lost: {
      images: (n: number) => (n === 1 ? '1 picture' : `${n} pictures`),
      embedded: (n: number) => (n === 1 ? '1 embedded object (chart, sheet, film)' : `${n} embedded objects (charts, sheets, films)`),
      footnotes: (n: number) => (n === 1 ? '1 footnote' : `${n} footnotes`),
      comments: (n: number) => (n === 1 ? '1 comment' : `${n} comments`),
      tracked: (n: number) =>
        n === 1
          ? '1 tracked change: the text stands as if it were accepted'
          : `${n} tracked changes: the text stands as if they were accepted`,
      textBoxes: (n: number) => (n === 1 ? 'the place of 1 text box' : `the places of ${n} text boxes`),
      headers: (n: number) => (n === 1 ? '1 header or footer' : `${n} headers and footers`),
      equations: (n: number) => (n === 1 ? '1 formula' : `${n} formulas`),
      numbering: (n: number) =>
        n === 1
          ? '1 automatic numbering such as “Article 1”: its numbers became plain ones'
          : `${n} automatic numberings such as “Article 1”: their numbers became plain ones`,
      links: (n: number) =>
        n === 1 ? '1 link that cannot stand in a draft; its words remain' : `${n} links that cannot stand in a draft; their words remain`,
      code: (n: number) => (n === 1 ? 'the look of 1 block of code' : `the look of ${n} blocks of code`),
      frontMatter: () => 'the head of the file, which is for programs',
      styles: () => 'colours, underlines, typefaces and sizes',
    } satisfies Record<Loss, (n: number) => string> as Record<Loss, (n: number) => string>,
    unreadable: {
      oldWord: 'This is the old Word format. Save it as .docx and choose it again.',
      pdf: 'A PDF holds pages, not a text. Put it with the background files, or choose the Word file it was made from.',
      unknown: 'This is no text that could be read: Word (.docx), Markdown and plain text can.',
      broken: 'This Word file is damaged or protected by a password.',
      empty: 'There are no words in it.',
      tooLong: 'This is too long, or nested too deeply, to be brought in at once. Please take it in parts.',
      unavailable: 'What reads this kind of file could not be loaded. Please try again when the connection is back.',
    } satisfies Record<Unreadable, string> as Record<Unreadable, string>,
    where: 'Where to',
    whereOptions: { replace: 'In place of the present text', behind: 'Behind the present text' },
    whereDetails: {
      replace: 'Comments stay; those on words that are gone stand as such.',
      behind: 'The present text stays as it is.',
    },
    take: 'Take it over',
    back: 'Choose another one',
    taken: 'The text is in the draft. “Undo” takes it out again.',
    notTaken: 'The draft could not take this text.',
  },
};

export const zh: typeof en = {
  export: {
    item: '导出文本……',
    title: '导出文本',
    hint: '按目前已保存的内容，存为本设备上的文件。',
    formats: { docx: 'Word 文档', md: 'Markdown', html: '网页' },
    details: {
      docx: '用 Word、WPS 或 LibreOffice 打开',
      md: '带标记的纯文字，便于程序读取和存档',
      html: '用任何浏览器打开，可以打印',
    },
  },
  import: {
    item: '导入文本……',
    title: '导入文本',
    hint: 'Word 文件（.docx）、Markdown 或纯文字。在本设备上读取，先预览，再放入草案。',
    empty: '草案还是空的。',
    choose: '选择文件……',
    drop: '或拖到这里',
    paste: '或在此粘贴文字',
    readPasted: '预览',
    reading: (name) => `正在读取${name}……`,
    pasted: '粘贴的文字',
    previewTitle: (name) => `预览：${name}`,
    counts: (characters, headings, tables) => `${characters} 字符，${headings} 个标题，${tables} 个表格`,
    titleDropped: '首个标题与会商室标题相同，不再重复。',
    lostTitle: '以下内容未能带入：',
    lostNothing: '全部内容均已带入。',
    lost: {
      images: (n) => `${n} 张图片`,
      embedded: (n) => `${n} 个嵌入对象（图表、表单、影音）`,
      footnotes: (n) => `${n} 条脚注`,
      comments: (n) => `${n} 条批注`,
      tracked: (n) => `${n} 处修订：文本按接受修订后的样子带入`,
      textBoxes: (n) => `${n} 个文本框的位置`,
      headers: (n) => `${n} 处页眉页脚`,
      equations: (n) => `${n} 个公式`,
      numbering: (n) => `${n} 种自动编号（如“第一条”）：变成了普通数字`,
      links: (n) => `${n} 个不能放入草案的链接，文字保留`,
      code: (n) => `${n} 段代码的样式`,
      frontMatter: () => '文件开头供程序使用的部分',
      styles: () => '颜色、下划线、字体和字号',
    },
    unreadable: {
      oldWord: '这是旧版 Word 格式，请另存为 .docx 后再选择。',
      pdf: 'PDF 只有页面，没有可编辑的文本。请放入背景文件，或选择生成它的 Word 文件。',
      unknown: '读不出文字。可以导入 Word（.docx）、Markdown 和纯文字。',
      broken: '这个 Word 文件已损坏或设有密码。',
      empty: '里面没有文字。',
      tooLong: '内容太长或层次太深，无法一次带入，请分几次导入。',
      unavailable: '读取此类文件的程序未能加载，请在恢复连接后重试。',
    },
    where: '放在哪里',
    whereOptions: { replace: '取代现有文本', behind: '接在现有文本之后' },
    whereDetails: { replace: '留言保留；所评文字已不在的，会如实标明。', behind: '现有文本保持不变。' },
    take: '放入草案',
    back: '另选',
    taken: '文本已放入草案，可用“撤销”取回。',
    notTaken: '草案放不下这段文本。',
  },
};
