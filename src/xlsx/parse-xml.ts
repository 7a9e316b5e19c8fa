import {SaxesParser} from 'saxes';

/** Names are without their namespace prefix: programs write `<row>` or `<x:row>`. */
export interface XmlHandlers {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Parses XML as it comes; yields after each piece, when the handlers were called for all of it. */
export async function* parseXml(pieces: AsyncIterable<string>, handlers: XmlHandlers): AsyncGenerator<void> {
  const parser = new SaxesParser({xmlns: false, position: false});
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({name, attributes}) => handlers.open?.(localName(name), attributes));
  parser.on('closetag', ({name}) => handlers.close?.(localName(name)));
  parser.on('text', (text) => handlers.text?.(text));
  parser.on('cdata', (text) => handlers.text?.(text));
  for await (const piece of pieces) {
    parser.write(piece);
    yield;
  }
  parser.close();
  yield;
}

/** The same for a document that is small, or read for a sum of it. */
export async function readXml(pieces: AsyncIterable<string>, handlers: XmlHandlers): Promise<void> {
  for await (const _ of parseXml(pieces, handlers));
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
