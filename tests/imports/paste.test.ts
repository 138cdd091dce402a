import { getSchema } from '@tiptap/core';
import { DOMParser as SchemaParser } from '@tiptap/pm/model';
import { describe, expect, test } from 'vitest';
import { draftExtensions } from '#client/lib/drafts/extensions.ts';
import { cleanBody, cleanPastedHtml } from '#client/lib/drafts/pasteCleaning.ts';
import { inertDocument } from '../support/inertDocument.ts';

const schema = getSchema(draftExtensions());
const clean = (html: string): string => cleanPastedHtml(html, inertDocument);
/** What the editor makes of it, as ProseMirror writes a node in words. */
const pasted = (html: string): string =>
  SchemaParser.fromSchema(schema)
    .parse(inertDocument(clean(html)).body)
    .children.map(String)
    .join(' ');

/** As Word for Windows puts it into the clipboard, with its head, its namespaces and its conditional comments. */
const word = (
  body: string,
): string => `<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word" xmlns:m="http://schemas.microsoft.com/office/2004/12/omml" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=ProgId content=Word.Document><meta name=Generator content="Microsoft Word 15">
<link rel=File-List href="file:///C:/Users/x/AppData/Local/Temp/msohtmlclip1/01/clip_filelist.xml">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View><w:TrackMoves/></w:WordDocument></xml><![endif]-->
<style><!-- /* Font Definitions */ @font-face {font-family:宋体;} p.MsoNormal {mso-style-unhide:no; margin:0cm; text-align:justify;} --></style>
</head><body lang=ZH-CN style='tab-interval:21.0pt;word-wrap:break-word'><!--StartFragment-->${body}<!--EndFragment--></body></html>`;

const item = (list: string, level: number, mark: string, words: string): string =>
  `<p class=MsoListParagraph style='margin-left:18.0pt;text-indent:-18.0pt;mso-char-indent-count:0;mso-list:${list} level${level} lfo1'><![if !supportLists]><span lang=EN-US style='font-family:Wingdings'><span style='mso-list:Ignore'>${mark}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]><span style='font-family:宋体'>${words}<o:p></o:p></span></p>`;

describe('[IMP3] what is pasted from other programs comes out clean', () => {
  test('Word: headings, marks said by style, empty paragraphs, indents, o:p, smart tags', () => {
    const html = word(
      `<h1><a name="_Toc1"></a><span lang=EN-US>第一章<o:p></o:p></span></h1>
<p class=MsoNormal style='text-indent:21.0pt'><b style='mso-bidi-font-weight:normal'><span style='font-family:宋体;color:red'>为了</span></b><span lang=EN-US style='font-style:italic'>order</span><st1:place w:st="on">Paris</st1:place><span
style='mso-spacerun:yes'>&nbsp; </span><span style='text-decoration:line-through'>old</span><u>x</u></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoTitle>标题</p>
<h5>deep</h5>`,
    );
    expect(clean(html)).not.toMatch(/mso|<o:|<span|<!|style=|class=|lang=|xml/i);
    expect(pasted(html)).toBe(
      'heading("第一章") paragraph(bold("为了"), italic("order"), "Paris ", strike("old"), "x") heading("标题") heading("deep")',
    );
  });

  test('Word: lists are lists again, one in the other, numbered from where they began', () => {
    const html = word(
      [
        item('l0', 1, '·', '甲'),
        item('l0', 2, 'o', '乙'),
        item('l0', 2, 'o', '丙'),
        item('l0', 1, '·', '丁'),
        '<p class=MsoNormal>between</p>',
        item('l1', 1, '3.', '戊'),
        item('l1', 1, '4.', '己'),
      ].join('\n'),
    );
    expect(pasted(html)).toBe(
      'bulletList(listItem(paragraph("甲"), bulletList(listItem(paragraph("乙")), listItem(paragraph("丙")))), listItem(paragraph("丁"))) ' +
        'paragraph("between") orderedList(listItem(paragraph("戊")), listItem(paragraph("己")))',
    );
    expect(clean(html)).toContain('<ol start="3">');
  });

  test('Word: a number that is more than a number stays before its words', () => {
    const html = word([item('l0', 1, '第一条', '本办法。'), item('l0', 1, '1.1', 'Scope')].join(''));
    expect(pasted(html)).toBe('paragraph("第一条 本办法。") paragraph("1.1 Scope")');
  });

  test('Word: tracked deletions, comments, footnotes and pictures go, and are counted', () => {
    const html = word(
      `<p class=MsoNormal>kept<del cite="mailto:x" datetime="2026-01-01T00:00">gone</del><ins cite="mailto:x" datetime="2026-01-01T00:00">new</ins><a style='mso-comment-reference:A_1;mso-comment-date:20260101T0000'>word</a><span class=MsoCommentReference><span style='mso-special-character:comment'>&nbsp;<![if !supportAnnotations]><a class=msocomanchor id="_anchor_1" href="#_msocom_1" name="_msoanchor_1">[A1]</a><![endif]></span></span><a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1"><span class=MsoFootnoteReference>[1]</span></a><img width=10 src="file:///C:/clip_image001.png" v:shapes="_x"></p>
<div style='mso-element:comment-list'><div style='mso-element:comment'><div id="_com_1"><p class=MsoCommentText>a remark</p></div></div></div>
<div style='mso-element:footnote-list'><hr><div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a style='mso-footnote-id:ftn1' href="#_ftnref1" name="_ftn1">[1]</a> a note</p></div></div>`,
    );
    expect(pasted(html)).toBe('paragraph("keptnewword")');
    const { body } = inertDocument(html);
    expect(cleanBody(body)).toMatchObject({ tracked: 1, footnotes: 1, images: 1 });
  });

  test('Word and Excel: tables keep what they span, and cells alone are a table', () => {
    const html = word(
      `<table class=MsoTableGrid border=1 cellspacing=0 style='border-collapse:collapse;mso-yfti-tbllook:1184'><colgroup><col width=72></colgroup><tr style='mso-yfti-irow:0'><td width=277 colspan=2 valign=top style='width:207.4pt'><p class=MsoNormal><span lang=EN-US>A<o:p></o:p></span></p></td></tr><tr><td><p class=MsoNormal>B</p></td><td>C</td></tr></table>`,
    );
    expect(pasted(html)).toBe('table(tableRow(tableCell(paragraph("A"))), tableRow(tableCell(paragraph("B")), tableCell(paragraph("C"))))');
    expect(clean(html)).toContain('<td colspan="2">');
    expect(pasted('<meta charset="utf-8"><tr><td>1</td><td>2</td></tr>')).toBe(
      'table(tableRow(tableCell(paragraph("1")), tableCell(paragraph("2"))))',
    );
  });

  test('Google Docs: a bold that is none, marks by style, lists', () => {
    const html = `<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr" style="line-height:1.38"><span style="font-size:11pt;font-weight:700;font-style:normal">Bold</span><span style="font-size:11pt;font-weight:400"> plain </span><a href="https://example.org/" style="text-decoration:none"><span style="text-decoration:underline">link</span></a></p><br /><ul style="margin-top:0"><li dir="ltr" style="list-style-type:disc;font-weight:400" aria-level="1"><p dir="ltr" role="presentation"><span>one</span></p></li></ul></b><br class="Apple-interchange-newline">`;
    expect(pasted(html)).toMatch(/^paragraph\(bold\("Bold"\), " plain ", link\("link"\)\) .*bulletList\(listItem\(paragraph\("one"\)\)\)$/);
    expect(clean(html)).not.toMatch(/style|dir=|aria|role|id=/);
  });

  test('web pages: scripts, styles, hidden parts, unsafe links and frames go; boxes become tasks', () => {
    const html = `<div class="x" onclick="alert(1)"><script>alert(1)</script><style>p{}</style><p style="display:none">hidden</p><p>a <a href="javascript:alert(1)">bad</a> <a href="#top">here</a> <code>x = 1</code></p><iframe src="//x"></iframe><ul><li><input type="checkbox" checked disabled> done</li><li><input type="checkbox"> open</li></ul><pre>line 1
  line 2</pre></div>`;
    expect(pasted(html)).toBe(
      'paragraph("a bad here x = 1") taskList(taskItem(paragraph("done")), taskItem(paragraph("open"))) paragraph("line 1", hardBreak, "\u00a0\u00a0line 2")',
    );
    expect(cleanBody(inertDocument(html).body)).toEqual({ embedded: 1, code: 1, links: 1 });
  });

  test('what was copied from a draft, and plain words, pass as they are', () => {
    const own = '<p data-pm-slice="1 1 []" style="x">a</p>';
    expect(clean(own)).toBe(own);
    expect(clean('1 < 2 & 3')).toBe('1 < 2 & 3');
  });
});
