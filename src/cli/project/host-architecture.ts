/** The processor of this machine, by Lambda's name for it. */
export function hostArchitecture(): 'arm64' | 'x86_64' {
  return process.arch === 'arm64' ? 'arm64' : 'x86_64';
}
