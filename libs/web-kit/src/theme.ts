import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** The farm's blue: links and main actions. Step 7 on white, and white on steps 6 and 7, keep 4.5:1. */
const farm: MantineColorsTuple = [
  '#eef4ff',
  '#dce6fb',
  '#b6caf5',
  '#8dadf0',
  '#6b94ec',
  '#5584ea',
  '#3f6fd9',
  '#2f5cc2',
  '#274da4',
  '#1d3d86',
];

/** A colder dark than the kit's own. */
const dark: MantineColorsTuple = [
  '#d5d9e0',
  '#b4bac5',
  '#8f97a5',
  '#6b7484',
  '#3d4552',
  '#2c333e',
  '#20262f',
  '#171b22',
  '#11151b',
  '#0b0e12',
];

/** System fonts only: nothing is loaded from anywhere. */
export const theme = createTheme({
  colors: { farm, dark },
  primaryColor: 'farm',
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: 'md',
  fontFamily:
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif",
  fontFamilyMonospace:
    "ui-monospace, 'Cascadia Mono', 'JetBrains Mono', 'Liberation Mono', Consolas, monospace",
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.25' },
      h2: { fontSize: '1.125rem', lineHeight: '1.3' },
      h3: { fontSize: '1rem', lineHeight: '1.35' },
    },
  },
  respectReducedMotion: true,
  autoContrast: true,
  cursorType: 'pointer',
  components: {
    // Locking the scroll makes a style sheet without the page's nonce, which the content security policy refuses.
    Modal: { defaultProps: { lockScroll: false } },
    Drawer: { defaultProps: { lockScroll: false } },
  },
});
