/**
 * What `npm audit --json` found, as a verdict. Pure: its output in, sentences out.
 */

/** `skipped`: why nothing is known; else the packages with published holes that are high or critical, one sentence each. */
export type AuditVerdict = { readonly skipped: string } | { readonly complaints: readonly string[] };

interface Report {
  readonly auditReportVersion?: number;
  readonly message?: string;
  readonly error?: { readonly summary?: string };
  readonly metadata?: { readonly vulnerabilities?: Readonly<Record<string, number>> };
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly severity?: string; readonly range?: string; readonly via?: readonly unknown[] }>
  >;
}

/** Reads the report. A registry that keeps no list of holes, or cannot be reached, says nothing about the packages. */
export function auditVerdict(output: string): AuditVerdict {
  const report = readReport(output);
  if (report?.auditReportVersion === undefined || report.metadata?.vulnerabilities === undefined) {
    const why = report?.message ?? report?.error?.summary ?? '';
    return { skipped: `the registry did not answer an audit${why === '' ? '' : ` (${why.split(' - ')[0] ?? ''})`}` };
  }
  const found = Object.entries(report.vulnerabilities ?? {}).filter(([, { severity }]) => severity === 'high' || severity === 'critical');
  const { high = 0, critical = 0 } = report.metadata.vulnerabilities;
  const complaints = found.map(([name, { severity, range, via }]) => `${name} ${range ?? ''} (${severity ?? ''}): ${titles(via)}`);
  // The counts are what is promised; a report that names fewer is not better for it.
  if (complaints.length === 0 && high + critical > 0) return { complaints: [`${String(high + critical)} high or critical, not named`] };
  return { complaints };
}

function titles(via: readonly unknown[] = []): string {
  const words = via.flatMap((each) => {
    if (typeof each === 'string') return [`through ${each}`];
    const { title } = each as { title?: unknown };
    return typeof title === 'string' ? [title] : [];
  });
  return words.join('; ') || 'no title';
}

/** The one JSON object in what npm said; before and after it npm may warn. */
function readReport(output: string): Report | null {
  const from = output.indexOf('{');
  const to = output.lastIndexOf('}');
  try {
    return JSON.parse(output.slice(from, to + 1)) as Report;
  } catch {
    return null;
  }
}
