import { create } from 'qrcode';

/** A QR code as one SVG path of squares with side 1, and how many squares it is wide. */
export interface QrPath {
  path: string;
  size: number;
}

/** Squares of a QR code with correction level M, without the quiet zone. */
export function qrPath(content: string): QrPath {
  const { data, size } = create(content, { errorCorrectionLevel: 'M' }).modules;
  let path = '';
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size;) {
      let run = 0;
      while (x + run < size && data[y * size + x + run]) run++;
      if (run > 0) path += `M${x} ${y}h${run}v1h-${run}z`;
      x += Math.max(run, 1);
    }
  }
  return { path, size };
}

/** QR code as an SVG picture with the quiet zone of four squares that scanners ask for. */
export function qrSvg(content: string): string {
  const { path, size } = qrPath(content);
  const side = size + 8;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 ${side} ${side}" role="img" aria-label="QR" ` +
    `shape-rendering="crispEdges"><path fill="#fff" d="M-4-4h${side}v${side}h-${side}z"/>` +
    `<path fill="#000" d="${path}"/></svg>`
  );
}
