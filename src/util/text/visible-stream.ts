import { type Readable, Transform, type TransformCallback } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { visibleExcept } from './visible';

/** Select Graphic Rendition: what programs colour their output with. */
const SGR = /\x1b\[([0-9;:]*)m/;

/** The end of a chunk that may be the beginning of one thing with the next chunk: a colour, or the end of a line of Windows. */
const BEGUN = /(?:\x1b(?:\[[0-9;:]{0,32})?|\r)$/;

const RESET = '\x1b[0m';

/**
 * What another program writes, on its way to a terminal: colours, line feeds and tabs pass, everything else that a terminal would obey
 * is made visible.
 *
 * Colours end with their line, so that a program cannot paint the lines of others.
 */
export class VisibleStream extends Transform {
  private readonly decoder = new StringDecoder('utf-8');
  private readonly show: (text: string) => string;
  private begun = '';
  private painted = false;

  /** @param colours whether colours pass; they are dropped otherwise */
  constructor(colours: boolean) {
    super({ decodeStrings: false, encoding: 'utf-8' });
    this.show = visibleExcept(SGR, ([sequence, parameters]) => {
      if (!isColour(parameters)) return sequence.replace('\x1b', '\\x1b');
      if (!colours) return '';
      this.painted = !/^[0;]*$/.test(parameters);
      return sequence;
    });
  }

  public _transform(chunk: Buffer | string, _encoding: BufferEncoding, done: TransformCallback): void {
    this.pass(typeof chunk === 'string' ? chunk : this.decoder.write(chunk));
    done();
  }

  public _flush(done: TransformCallback): void {
    this.pass(this.decoder.end());
    const last = this.show(this.begun);
    if (last !== '') this.push(last);
    if (this.painted) this.push(RESET);
    done();
  }

  private pass(text: string): void {
    const all = this.begun + text;
    this.begun = BEGUN.exec(all)?.[0] ?? '';
    const lines = all.slice(0, all.length - this.begun.length).replace(/\r\n/g, '\n').split('\n');
    const shown = lines.map((line, index) => {
      const end = index === lines.length - 1 ? '' : '\n';
      const visible = this.show(line);
      if (end === '' || !this.painted) return visible + end;
      this.painted = false;
      return `${visible}${RESET}${end}`;
    }).join('');
    if (shown !== '') this.push(shown);
  }
}

/** What a program writes to a stream, as it may go to a terminal. */
export function visibleOutput(stream: Readable, colours: boolean): VisibleStream {
  const filter = stream.pipe(new VisibleStream(colours));
  // A stream that is destroyed has no end.
  stream.once('close', () => filter.writableEnded || filter.end());
  return filter;
}

/** Whether parameters only paint: no blinking, nothing concealed, and nothing that is not known. */
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
