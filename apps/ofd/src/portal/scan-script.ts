import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Reads a receipt's QR code in the browser, from a camera or a picture; nothing leaves the browser but the address of
 * the receipt. A module of its own, since the pages allow no scripts inside them.
 */
export const SCAN_SCRIPT = `
import decodeQR from '/qr/decode.js';
const box = document.getElementById('scan');
const video = box.querySelector('video');
const state = box.querySelector('[data-state]');
const canvas = document.createElement('canvas');
const context = canvas.getContext('2d', { willReadFrequently: true });
const say = (name) => { state.textContent = name ? box.dataset[name] : ''; };
let stream;

function read(source, width, height) {
  const scale = Math.min(1, 1200 / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  try { return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height)); } catch { return undefined; }
}

function open(text) {
  const query = text.includes('?') ? text.slice(text.indexOf('?') + 1) : text;
  const found = new URLSearchParams(query);
  if (!['fn', 'i', 'fp'].every((name) => /^\\d+$/.test(found.get(name) ?? ''))) return say('foreign'), false;
  stop();
  location.href = '/?' + found.toString();
  return true;
}

function stop() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = undefined;
  video.hidden = true;
}

async function look() {
  if (!stream) return;
  const text = video.videoWidth > 0 ? read(video, video.videoWidth, video.videoHeight) : undefined;
  if (text !== undefined && open(text)) return;
  setTimeout(look, 150);
}

box.querySelector('[data-camera]').addEventListener('click', async () => {
  if (stream) return stop(), say('');
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
  } catch { return say('noCamera'); }
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  say('aim');
  look();
});

box.querySelector('input').addEventListener('change', async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  say('reading');
  try {
    const picture = await createImageBitmap(file);
    const text = read(picture, picture.width, picture.height);
    if (text === undefined) say('unread'); else open(text);
  } catch { say('unread'); }
  event.target.value = '';
});
box.hidden = false;
`;

const FILES = { 'decode.js': 'decode.js', 'index.js': 'index.js' } as const;
const cache = new Map<string, string>();

/** The decoder as its package ships it; undefined for any other name. */
export function decoderFile(name: string): string | undefined {
  if (!Object.hasOwn(FILES, name)) return undefined;
  const known = cache.get(name);
  if (known !== undefined) return known;
  const text = readFileSync(join(packageFolder(), name), 'utf8');
  cache.set(name, text);
  return text;
}

/** The package names no path to its own folder, only to its modules. */
const packageFolder = (): string => join(require.resolve('qr/decode.js'), '..');
