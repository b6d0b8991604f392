import { createTheme, Menu, Modal, Popover, Tooltip, type MantineColorsTuple } from '@mantine/core';

/** The accent, deep teal, light to dark; what is painted comes from tokens.css. */
const accent: MantineColorsTuple = [
  '#eef6f5',
  '#e2efed',
  '#bfdcd9',
  '#93c5c0',
  '#62aaa4',
  '#388f88',
  '#1b7f79',
  '#0b5d59',
  '#084744',
  '#063432',
];

/** Nothing here writes a style element: the content security policy allows style sheets from the server only. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: 7,
  colors: { accent },
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Modal: Modal.extend({
      defaultProps: {
        lockScroll: false,
        radius: 10,
        transitionProps: { duration: 120 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    }),
    Popover: Popover.extend({
      defaultProps: { radius: 8, shadow: 'md', transitionProps: { duration: 100 } },
    }),
    Menu: Menu.extend({
      defaultProps: {
        radius: 8,
        shadow: 'md',
        transitionProps: { duration: 100 },
        // A menu holds items and nothing else; the one marked data-autofocus has the focus.
        withInitialFocusPlaceholder: false,
      },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 350, transitionProps: { duration: 80 }, withArrow: false },
    }),
  },
});
