import { type Readable, Transform, type TransformCallback } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { visibleExcept } from './visible';

/** Select Graphic Rendition (ECMA-48), the sequences that colour text. */
const SGR = /\x1b\[([0-9;:]*)m/;

/** The end of a chunk that may continue in the next chunk: an incomplete colour sequence, or the CR of a CRLF. */
const INCOMPLETE = /(?:\x1b(?:\[[0-9;:]{0,32})?|\r)$/;

const RESET = '\x1b[0m';

/**
 * Filter for the output of another program on a terminal. Colours, line feeds and tabs pass. All other control characters are escaped.
 *
 * Colours end with their line, so that a program cannot colour the lines of others.
 */
export class VisibleStream extends Transform {
  private readonly decoder = new StringDecoder('utf-8');
  private readonly show: (text: string) => string;
  private incomplete = '';
  private isColoured = false;

  /** @param colours if true, colours pass; otherwise they are removed */
  constructor(colours: boolean) {
    super({ decodeStrings: false, encoding: 'utf-8' });
    this.show = visibleExcept(SGR, ([sequence, parameters]) => {
      if (!isColour(parameters)) return sequence.replace('\x1b', '\\x1b');
      if (!colours) return '';
      this.isColoured = !/^[0;]*$/.test(parameters);
      return sequence;
    });
  }

  public _transform(chunk: Buffer | string, _encoding: BufferEncoding, done: TransformCallback): void {
    this.pass(typeof chunk === 'string' ? chunk : this.decoder.write(chunk));
    done();
  }

  public _flush(done: TransformCallback): void {
    this.pass(this.decoder.end());
    const last = this.show(this.incomplete);
    if (last !== '') this.push(last);
    if (this.isColoured) this.push(RESET);
    done();
  }

  private pass(text: string): void {
    const all = this.incomplete + text;
    this.incomplete = INCOMPLETE.exec(all)?.[0] ?? '';
    const lines = all.slice(0, all.length - this.incomplete.length).replace(/\r\n/g, '\n').split('\n');
    const shown = lines.map((line, index) => {
      const end = index === lines.length - 1 ? '' : '\n';
      const visible = this.show(line);
      if (end === '' || !this.isColoured) return visible + end;
      this.isColoured = false;
      return `${visible}${RESET}${end}`;
    }).join('');
    if (shown !== '') this.push(shown);
  }
}

/** Filter the output of a program for a terminal. */
export function visibleOutput(stream: Readable, colours: boolean): VisibleStream {
  const filter = stream.pipe(new VisibleStream(colours));
  // A destroyed stream does not emit "end".
  stream.once('close', () => filter.writableEnded || filter.end());
  return filter;
}

/** Return true for parameters that only colour text. Blinking, concealed and unknown ones do more. */
function isColour(parameters: string): boolean {
  const codes = parameters.split(/[;:]/).map(Number);
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at];
    if (code === 38 || code === 48) {
      // 38;5;n and 38;2;r;g;b
      at += codes[at + 1] === 5 ? 2 : codes[at + 1] === 2 ? 4 : codes.length;
      if (at >= codes.length) return false;
    } else if (!(code <= 4 || code === 7 || code === 9 || (code >= 22 && code <= 24) || code === 27 || code === 29
      || (code >= 30 && code <= 49) || (code >= 90 && code <= 107))) {
      return false;
    }
  }
  return true;
}
