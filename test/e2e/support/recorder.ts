import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A `cargo` in front of the PATH that records each call, and then runs the real one. */
export interface CargoRecorder {
  readonly PATH: string;
  calls(): string[];
}

export function recordCargo(path: string = process.env.PATH ?? ''): CargoRecorder {
  const folder = mkdtempSync(join(tmpdir(), 'pmcp-deploy-recorder-'));
  const log = join(folder, 'calls.log');
  for (const program of ['cargo', 'cargo-lambda', 'rustc', 'rustup']) {
    const script = join(folder, program);
    writeFileSync(script, `#!/bin/sh\nprintf '%s\\n' "${program} $*" >> '${log}'\nPATH='${path}' exec ${program} "$@"\n`);
    chmodSync(script, 0o755);
  }
  return {
    PATH: `${folder}${delimiter}${path}`,
    calls: () => existsSync(log) ? readFileSync(log, 'utf-8').trimEnd().split('\n') : [],
  };
}
