import { closeSync, openSync, readSync, statSync } from 'node:fs';

const MACHINES: Record<number, string> = { 0x3e: 'x86_64', 0xb7: 'aarch64' };

/** What machine an ELF program is for, and its size in bytes. */
export function readElf(path: string): { machine: string; size: number } {
  const header = Buffer.alloc(20);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, header.length, 0);
  } finally {
    closeSync(file);
  }
  if (header.subarray(0, 4).toString('latin1') !== '\x7fELF') {
    throw new Error(`${path} is no ELF file`);
  }
  return { machine: MACHINES[header.readUInt16LE(18)] ?? 'unknown', size: statSync(path).size };
}
