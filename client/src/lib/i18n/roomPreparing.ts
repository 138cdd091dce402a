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
    save: (format: string) => `Save as ${format}`,
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
    save: (format) => `存为 ${format}`,
  },
};
