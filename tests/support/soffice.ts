import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** Whether LibreOffice is on this machine: what other programs make of our files, and we of theirs, is seen with it. */
export const hasSoffice = spawnSync('soffice', ['--version'], { stdio: 'ignore' }).status === 0;

const run = promisify(execFile);

/**
 * Lets LibreOffice convert a file, in a profile of its own.
 * @param name the file's name with its ending; @param to the ending of what comes out, a filter may follow behind a colon
 */
export async function converted(name: string, bytes: Uint8Array | string, to: string): Promise<Buffer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'shangliang-soffice-'));
  try {
    const source = path.join(folder, name);
    writeFileSync(source, bytes);
    const profile = `-env:UserInstallation=file://${folder}/profile`;
    await run('soffice', [profile, '--headless', '--convert-to', to, '--outdir', path.join(folder, 'out'), source], { timeout: 120_000 });
    return readFileSync(path.join(folder, 'out', `${path.parse(name).name}.${to.split(':')[0] ?? ''}`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
