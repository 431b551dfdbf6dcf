import { tryRun } from '../test/e2e/support/run';

const NEEDED = [
  { name: 'Rust', program: 'cargo', args: ['--version'], install: 'install rustup: https://rustup.rs' },
  { name: 'rustup', program: 'rustup', args: ['--version'], install: 'install rustup: https://rustup.rs' },
  {
    name: 'Python 3.10 or newer',
    program: 'python3',
    args: ['-c', 'import sys, venv; print(sys.version.split()[0]); sys.exit(sys.version_info < (3, 10))'],
    install: 'install Python 3.10 or newer with its venv module',
  },
];

/** @throws when a tool that the demo can't install by itself is missing; all that are missing are named */
export async function checkTools(): Promise<void> {
  const missing: string[] = [];
  for (const { name, program, args, install } of NEEDED) {
    const result = await tryRun(program, args).catch(() => undefined);
    if (result?.status === 0) {
      console.log(`  ${program}: ${result.stdout.trim()}`);
    } else {
      missing.push(`${name} (${program}) is missing: ${install}`);
    }
  }
  if (missing.length > 0) throw new Error(missing.join('; '));
}
