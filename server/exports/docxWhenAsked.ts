import type { Json } from '#shared/lib/canonical.ts';

/** `docxDocument`, with the library that writes Word files loaded when the first one is asked for, and not with the server. */
export async function docxWhenAsked(json: Json, title: string): Promise<Buffer> {
  const { docxDocument } = await import('./docx.ts');
  return docxDocument(json, title);
}
