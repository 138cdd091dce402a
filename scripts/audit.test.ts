import { expect, test } from 'vitest';
import { auditVerdict } from './audit.ts';

const report = (vulnerabilities: object, counts: object): string =>
  `npm warn something\n${JSON.stringify({ auditReportVersion: 2, vulnerabilities, metadata: { vulnerabilities: counts } })}\n`;

test('high and critical findings are named, lower ones are not', () => {
  const found = {
    ws: { severity: 'high', range: '<8.21.1', via: [{ title: 'Denial of service' }] },
    'engine.io': { severity: 'critical', range: '*', via: ['ws'] },
    qs: { severity: 'moderate', range: '<6', via: [{ title: 'Something' }] },
  };
  expect(auditVerdict(report(found, { high: 1, critical: 1, moderate: 1 }))).toEqual({
    complaints: ['ws <8.21.1 (high): Denial of service', 'engine.io * (critical): through ws'],
  });
  expect(auditVerdict(report({ qs: found.qs }, { high: 0, critical: 0, moderate: 1 }))).toEqual({ complaints: [] });
  expect(auditVerdict(report({}, { high: 2 }))).toEqual({ complaints: ['2 high or critical, not named'] });
});

test('a registry that does not answer is a visible skip, not a pass', () => {
  expect(auditVerdict('npm warn audit\n{"message":"405 Method Not Allowed - POST somewhere","statusCode":405}')).toEqual({
    skipped: 'the registry did not answer an audit (405 Method Not Allowed)',
  });
  for (const output of ['', 'no network', '{', '{}', '{"error":{"code":"ENOTFOUND","summary":""}}'])
    expect(auditVerdict(output), output).toEqual({ skipped: 'the registry did not answer an audit' });
});
