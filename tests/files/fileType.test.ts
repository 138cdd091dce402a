import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { docxDocument } from '#server/exports/docx.ts';
import { fileTypeOf, fileTypes } from '#server/files/fileType.ts';
import { namesInZip } from '#server/files/zipNames.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'shangliang-types-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let made = 0;
async function typeOf(content: Uint8Array | string): Promise<string | null> {
  made += 1;
  const place = path.join(folder, String(made));
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  await writeFile(place, bytes);
  const file = await open(place, 'r');
  try {
    return await fileTypeOf(file, bytes.byteLength);
  } finally {
    await file.close();
  }
}

const binary = (text: string): Buffer => Buffer.from(text, 'latin1');
const png = binary('\u0089PNG\r\n\u001a\n\0\0\0\rIHDR\0\0\0\u0001');
const package_ = (names: readonly string[]): Uint8Array => zipSync(Object.fromEntries(names.map((name) => [name, strToU8('x')])));
const word = ['[Content_Types].xml', '_rels/.rels', 'word/document.xml'];

describe('[FIL2] a file is what its content says', () => {
  test.each([
    ['PDF', binary('%PDF-1.7\n%\u00e2\u00e3'), fileTypes.pdf],
    ['PNG', png, fileTypes.png],
    ['JPEG', binary('\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF'), fileTypes.jpeg],
    ['GIF', binary('GIF89a\u0001\0'), fileTypes.gif],
    ['WebP', binary('RIFF\u0010\0\0\0WEBPVP8 '), fileTypes.webp],
    ['Word', package_(word), fileTypes.docx],
    ['plain text, in Chinese', '第一条　甲。\n\tb\r\n', fileTypes.text],
    ['text that is about tags', 'see <b>bold</b>', fileTypes.text],
    ['text with a mark of its encoding', '\ufeffabc', fileTypes.text],
  ] as const)('%s', async (_name, content, type) => {
    expect(await typeOf(content)).toBe(type);
  });

  test('a Word file that we write ourselves', async () => {
    expect(await typeOf(await docxDocument({ type: 'doc' }, 'x'))).toBe(fileTypes.docx);
  });

  test.each([
    ['an empty file', ''],
    ['a page', ' \n<!DOCTYPE html><p>x'],
    ['a page without its head', '<script>alert(1)</script>'],
    ['a page behind a comment', '<!-- x --><html>'],
    ['a drawing', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['a drawing behind a mark of encoding and lines', '\ufeff\n\n<svg onload="x">'],
    ['a page behind a whole first chunk of lines', `${'\n'.repeat(70_000)}<html>`],
    ['text that is not UTF-8', binary('\u00c9\u00cc')],
    ['text that is cut in the middle of a character', Buffer.from('商').subarray(0, 2)],
    ['text with a NUL far inside', `${'a'.repeat(100_000)}\0`],
    ['a program', binary('\u007fELF\u0002\u0001\u0001')],
    ['an archive', package_(['a.txt'])],
    ['a sheet', package_(['[Content_Types].xml', 'xl/workbook.xml'])],
    ['a Word file with macros', package_([...word, 'word/vbaProject.bin'])],
    ['a package that is cut short', package_(word).subarray(0, 60)],
    [
      'a package that only says it is Word in what it holds',
      zipSync({ 'a.txt': strToU8('[Content_Types].xml word/document.xml') }, { level: 0 }),
    ],
    ['a sound', binary('RIFF\u0010\0\0\0WAVEfmt ')],
    ['half a PNG', png.subarray(0, 8)],
  ] as const)('%s is not taken', async (_name, content) => {
    expect(await typeOf(content)).toBeNull();
  });

  test('directories of packages that lie are not followed', async () => {
    const place = path.join(folder, 'zip');
    const good = Buffer.from(package_(word));
    const names = async (bytes: Buffer): Promise<ReadonlySet<string> | null> => {
      await writeFile(place, bytes);
      const file = await open(place, 'r');
      try {
        return await namesInZip(file, bytes.byteLength);
      } finally {
        await file.close();
      }
    };
    expect([...((await names(good)) ?? [])]).toEqual(word);
    const end = good.lastIndexOf(binary('PK\u0005\u0006'));
    for (const [at, value] of [
      [end + 12, 0xffffffff],
      [end + 16, 0xffffff00],
      [end + 10, 0xffff],
    ] as const) {
      const bad = Buffer.from(good);
      if (at === end + 10) bad.writeUInt16LE(value, at);
      else bad.writeUInt32LE(value, at);
      expect(await names(bad)).toBeNull();
    }
    // A comment behind the directory belongs to a package.
    const commented = Buffer.concat([good, binary('hello')]);
    commented.writeUInt16LE(5, end + 20);
    expect([...((await names(commented)) ?? [])]).toEqual(word);
  });
});
