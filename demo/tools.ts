import { tryRun } from '../test/support/run';

/** Programs that the demo cannot install by itself. */
const REQUIRED = [
  { name: 'Rust', program: 'cargo', args: ['--version'], install: 'install rustup: https://rustup.rs' },
  { name: 'rustup', program: 'rustup', args: ['--version'], install: 'install rustup: https://rustup.rs' },
  {
    name: 'Python 3.10 or newer',
    program: 'python3',
    args: ['-c', 'import sys, venv; print(sys.version.split()[0]); sys.exit(sys.version_info < (3, 10))'],
    install: 'install Python 3.10 or newer with its venv module',
  },
];

/** Checks that the required programs work. @throws an error that names all missing ones */
export async function checkTools(): Promise<void> {
  const missing: string[] = [];
  for (const { name, program, args, install } of REQUIRED) {
    const result = await tryRun(program, args).catch(() => undefined);
    if (result?.status === 0) {
      console.log(`  ${program}: ${result.stdout.trim()}`);
    } else {
      missing.push(`${name} (${program}) is missing: ${install}`);
    }
  }
  if (missing.length > 0) throw new Error(missing.join('; '));
}
