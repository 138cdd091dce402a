import { expect, test } from 'vitest';
import { versionProblem } from './serverVersion.ts';

test.each(['4.4.30', '6.0.27', '7.0.28', '7.0.42', '8.0.17', '8.0.23-10', '8.2.3', '8.2.10', '8.3.0', '9.0.0', '10.1.2'])(
  '[ST18] MongoDB %s is used',
  (version) => {
    expect(versionProblem(version)).toBeNull();
  },
);

test.each(['4.2.24', '4.4.29', '6.0.26', '7.0.27', '7.3.4', '8.0.4', '8.1.2', '8.2.2', '8.2.2-1', '8.2', 'new', undefined])(
  '[ST18] MongoDB %s is refused, with what to use instead',
  (version) => {
    expect(versionProblem(version)).toMatch(/^is version .+; use 4\.4\.30, 5\.0\.32, 6\.0\.27, 7\.0\.28, 8\.0\.17, 8\.2\.3 or newer$/);
  },
);
