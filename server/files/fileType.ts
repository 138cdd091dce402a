import type { FileHandle } from 'node:fs/promises';
import { namesInZip } from './zipNames.ts';

/** The kinds of files a room takes, as they are served. */
export const fileTypes = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  png: 'image/png',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  text: 'text/plain; charset=utf-8',
} as const;
export type FileType = (typeof fileTypes)[keyof typeof fileTypes];

const chunkBytes = 64 * 1024;

/**
 * What kind of file this is, by its content alone: neither its name nor what its sender says counts. Null for everything a room
 * does not take: pages, drawings that can run scripts (SVG), programs, archives, documents with macros.
 * @param bytes its size
 */
export async function fileTypeOf(file: FileHandle, bytes: number): Promise<FileType | null> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
  const head = buffer.subarray(0, bytesRead);
  const ascii = head.toString('latin1');
  if (ascii.startsWith('%PDF-')) return fileTypes.pdf;
  if (ascii.startsWith('\u0089PNG\r\n\u001a\n') && ascii.slice(12, 16) === 'IHDR') return fileTypes.png;
  if (ascii.startsWith('\u00ff\u00d8\u00ff')) return fileTypes.jpeg;
  if (ascii.startsWith('GIF87a') || ascii.startsWith('GIF89a')) return fileTypes.gif;
  if (ascii.startsWith('RIFF') && ascii.slice(8, 12) === 'WEBP') return fileTypes.webp;
  if (ascii.startsWith('PK\u0003\u0004')) return (await isWord(file, bytes)) ? fileTypes.docx : null;
  return (await isPlainText(file, bytes)) ? fileTypes.text : null;
}

/** A Word file is a package with certain parts; one with macros in it is none for us. */
async function isWord(file: FileHandle, bytes: number): Promise<boolean> {
  const names = await namesInZip(file, bytes);
  if (names === null || !names.has('[Content_Types].xml') || !names.has('word/document.xml')) return false;
  return ![...names].some((name) => /vbaProject|\.(?:exe|dll|js|vbs|bat|cmd|ps1|sh)$/i.test(name));
}

/** Well-formed UTF-8 without control characters that does not begin like a page, a drawing or another document of XML. */
async function isPlainText(file: FileHandle, bytes: number): Promise<boolean> {
  if (bytes === 0) return false;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let beginning = '';
  try {
    for (let at = 0; at < bytes; at += chunkBytes) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, at);
      const text = decoder.decode(buffer.subarray(0, bytesRead), { stream: true });
      // eslint-disable-next-line no-control-regex
      if (/[\u0000-\u0008\u000e-\u001f\u007f]/.test(text)) return false;
      if (beginning.trim() === '') beginning += text;
    }
    decoder.decode();
  } catch {
    return false;
  }
  return !/^[\s\ufeff]*<(?:[a-z!?/])/i.test(beginning);
}
