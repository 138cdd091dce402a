import { existsSync } from 'node:fs';
import { chromiumPath } from './chromium.ts';
import { capture, step } from './setup.mjs';

/**
 * The browser for the tests: the one that is there, else the one of Debian's packages where we may install it.
 * @returns its path, or the sentence that says why there is none
 */
export async function ensureChromium(): Promise<{ path: string } | { missing: string }> {
  const present = chromiumPath();
  if (present) return existsSync(present) ? { path: present } : { missing: `CHROMIUM names ${present}, which is not there` };
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    return { missing: 'no Chromium or Chrome found; install one, or name it in CHROMIUM' };
  }
  const output = await step('Installing Chromium and Chinese fonts from the packages of this system', async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const update = await capture('apt-get', ['update'], { env });
    const install = await capture('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'], { env });
    return update.output + install.output;
  });
  const installed = chromiumPath();
  return installed ? { path: installed } : { missing: `Chromium could not be installed: ${output.trimEnd().split('\n').at(-1) ?? ''}` };
}
