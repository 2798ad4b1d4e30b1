import { parseXml, XmlElement, XmlText } from '@rgrove/parse-xml';

export interface SVGElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (SVGElement | string)[];
}

/** The root of a document of elements and texts alone; throws where it is not well-formed XML 1.0. */
export function parseXML(text: string): SVGElement {
  const { children, root } = parseXml(text, {
    preserveCdata: true,
    preserveComments: true,
    preserveDocumentType: true,
    preserveXmlDeclaration: true,
  });
  if (root === null || children.length !== 1) throw new Error('more than one element');
  return elementOf(root);
}

const elementOf = ({ name, attributes, children }: XmlElement): SVGElement => ({
  name,
  attributes,
  children: children.map((child) => {
    if (child instanceof XmlElement) return elementOf(child);
    if (child instanceof XmlText) return child.text;
    throw new Error(`has a ${child.type}`);
  }),
});

export const textOf = (element: SVGElement): string =>
  element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');

/** All elements below one, in document order. */
export const descendants = (element: SVGElement): SVGElement[] =>
  element.children.flatMap((child) => (typeof child === 'string' ? [] : [child, ...descendants(child)]));

export const elementsOf = (root: SVGElement, name: string): SVGElement[] =>
  descendants(root).filter((element) => element.name === name);

/** Straight pieces of a path of M, V, v, h and z, by their ends. */
export function pathPoints(data: string): { readonly x: number; readonly y: number }[] {
  const points: { x: number; y: number }[] = [];
  let [x, y] = [0, 0];
  for (const [, command = '', values = ''] of data.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const [first = 0, second = 0] = values.trim().split(' ').map(Number);
    if (command === 'M') [x, y] = [first, second];
    else if (command === 'V') y = first;
    else if (command === 'v') y += first;
    else if (command === 'h') x += first;
    else if (command !== 'z') throw new Error(`unknown command ${command}`);
    points.push({ x, y });
  }
  return points;
}
