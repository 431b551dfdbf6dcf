const COLUMN = 8.4;
const LINE = 19;
const PAD = 18;
const BARS = '▁▂▃▄▅▆▇█';

/** Colours of a terminal, by their ANSI codes. */
const COLOURS: Record<string, string> = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 36: '#79c0ff' };
const TEXT = '#e6edf3';
const DIM = '#8b949e';

interface Run {
  readonly column: number;
  readonly text: string;
  readonly fill: string;
  readonly bold: boolean;
}

/** What a terminal shows, as a picture. Bars are drawn, since fonts differ in them. */
export function terminalSvg(command: string, output: string): string {
  const lines = [`\x1b[32m$\x1b[39m ${command}`, ...output.trimEnd().split('\n')].map(runsOf);
  const columns = Math.max(...lines.flatMap((runs) => runs.map(({ column, text }) => column + text.length)));
  const [width, height] = [Math.ceil(columns * COLUMN + 2 * PAD), lines.length * LINE + 2 * PAD];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" `
    + `aria-label="${escape(command)}">`,
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="14" xml:space="preserve">',
    ...lines.flatMap((runs, index) => runs.flatMap((run) => draw(run, PAD + index * LINE))),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function runsOf(line: string): Run[] {
  const runs: Run[] = [];
  let [column, fill, bold] = [0, TEXT, false];
  for (const part of line.split(/(\x1b\[\d+m)/)) {
    const code = /^\x1b\[(\d+)m$/.exec(part)?.[1];
    if (code === undefined) {
      // Text and bars are drawn in different ways; nothing is drawn for spaces.
      for (const [text] of part.matchAll(/[▁-█ ]+|(?:[^▁-█ ]| (?! ))+/g)) {
        if (text.trim() !== '') runs.push({ column, text, fill, bold });
        column += text.length;
      }
    } else if (code === '1') {
      bold = true;
    } else if (code === '2') {
      fill = DIM;
    } else if (code === '22') {
      [fill, bold] = [TEXT, false];
    } else {
      fill = COLOURS[code] ?? TEXT;
    }
  }
  return runs;
}

function draw({ column, text, fill, bold }: Run, top: number): string[] {
  const x = PAD + column * COLUMN;
  if (!/[▁-█]/.test(text)) {
    const weight = bold ? ' font-weight="bold"' : '';
    return [
      `<text x="${round(x)}" y="${top + 14}" textLength="${round(text.length * COLUMN)}" fill="${fill}"${weight}>${escape(text)}</text>`,
    ];
  }
  const bars = [...text].flatMap((bar, index) => {
    const height = (BARS.indexOf(bar) + 1) * 2;
    return height === 0 ? [] : [`M${round(x + index * COLUMN)} ${top + 17}v-${height}h${COLUMN - 1}v${height}z`];
  });
  return [`<path d="${bars.join('')}" fill="${fill}"/>`];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
