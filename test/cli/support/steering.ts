/** What a server may put into a text to steer a terminal, or to look like something of ours. */
export const HOSTILE = [
  '\u001b]52;c;Y3VybCBldmlsLmV4YW1wbGV8c2g=\u0007', '\u001b]0;title\u001b\\', '\u001b]8;;https://evil.example\u0007link', '\r\u001b[2K',
  '\u001b[2J\u001b[H', '\u001b[1A',
  '\u009b2J', '\u009d0;title\u009c', '\u001bP1$q\u001b\\', '\u001b[32m✔ passed\u001b[0m', '\u001b[8mconcealed', '\u0008\u0008', '\u007f',
  '\u202egnp.exe\u202c', '\u2066x\u2069', '\u200b', '\ufeff', '\u2028', '\u{e0041}', '\n✔ all is well',
  '\n\u001b[32m✔\u001b[39m all is well',
].join('');

/** What of a text would steer a terminal: all of it but line feeds, tabs and our own colours. */
export function steering(text: string): string[] {
  return text.replace(/\u001b\[(1|2|22|31|32|33|36|39)m/g, '').match(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu) ?? [];
}

/** The colours in a text that are not closed right after a text of one of our own marks: what a server could have painted. */
export function forged(text: string): string[] {
  return text.split('\n').filter((line) => /\u001b\[32m✔( passed|\u001b\[(0|39)m all is well)|^✔ all is well/.test(line));
}
