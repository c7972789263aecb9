import { create } from 'qrcode';
import { type ReactNode, useMemo } from 'react';

/** A text as a QR code of squares: dark on white whatever the theme, with its quiet zone. */
export function QrCode({ text, label }: { text: string; label: string }): ReactNode {
  const { path, side } = useMemo(() => {
    const { modules } = create(text, { errorCorrectionLevel: 'M' });
    const dots: string[] = [];
    for (let y = 0; y < modules.size; y++)
      for (let x = 0; x < modules.size; x++) if (modules.get(y, x)) dots.push(`M${x + 4} ${y + 4}h1v1h-1z`);
    return { path: dots.join(''), side: modules.size + 8 };
  }, [text]);
  return (
    <svg className="wall-qr" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label}>
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
}
