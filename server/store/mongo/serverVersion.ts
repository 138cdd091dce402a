/**
 * The oldest patch of each line of MongoDB that is started on. Below it a server gives parts of its memory, with passwords and texts of
 * others, to whoever reaches its port, without a sign-in (CVE-2025-14847). The lines that are not named and older were never mended.
 */
const oldestPatch: Readonly<Record<string, number>> = { '4.4': 30, '5.0': 32, '6.0': 27, '7.0': 28, '8.0': 17, '8.2': 3 };
const newestLine = [8, 2] as const;

/**
 * Why a server of this version is not started on, as the end of a sentence about it; null where it is new enough. Versions of distributors
 * (`8.0.23-10`) count by their first three numbers; a version that is none is not one that was mended.
 */
export function versionProblem(version: unknown): string | null {
  const oldest = Object.entries(oldestPatch).map(([line, patch]) => `${line}.${patch}`);
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)/.exec(String(version))?.map(Number) ?? [];
  if (major !== undefined && minor !== undefined && patch !== undefined) {
    if (major > newestLine[0] || (major === newestLine[0] && minor > newestLine[1])) return null;
    if (patch >= (oldestPatch[`${major}.${minor}`] ?? Infinity)) return null;
  }
  return `is version ${String(version)}, which gives parts of its memory to whoever reaches its port (CVE-2025-14847); use ${oldest.join(', ')} or newer`;
}
