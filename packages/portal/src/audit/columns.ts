/** A column of the records: what it is called, and how wide it is where it does not take what is left. */
export interface Column {
  readonly id: ColumnId;
  readonly title: string;
  /** CSS pixels; for "What happened" the least it can do with. */
  readonly width: number;
}

export const COLUMN_IDS = [
  'time',
  'level',
  'category',
  'message',
  'actor',
  'target',
  'origin',
  'producer',
  'event',
  'seal',
] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

const COLUMNS: Readonly<Record<ColumnId, Column>> = {
  // A time is never cut: this is what it needs with its milliseconds.
  time: { id: 'time', title: 'Time', width: 208 },
  level: { id: 'level', title: 'Level', width: 108 },
  category: { id: 'category', title: 'Category', width: 146 },
  message: { id: 'message', title: 'What happened', width: 260 },
  actor: { id: 'actor', title: 'Actor', width: 108 },
  target: { id: 'target', title: 'Target', width: 132 },
  origin: { id: 'origin', title: 'Origin', width: 112 },
  producer: { id: 'producer', title: 'Producer', width: 136 },
  event: { id: 'event', title: 'Event', width: 216 },
  seal: { id: 'seal', title: 'Seal', width: 44 },
};

/** What is shown where nothing was chosen, in the order in which it goes when room runs out, last first. */
const DEFAULT: readonly ColumnId[] = [
  'time',
  'message',
  'level',
  'seal',
  'category',
  'actor',
  'target',
  'origin',
];
/** Origin comes where "What happened" keeps this width besides. */
const ROOMY = 380;

/** The columns that fit: all of the usual ones where there is room, the least important ones left out where not. */
export function fittingColumns(width: number): ColumnId[] {
  let used = 0;
  const fitting = DEFAULT.filter((id) => {
    used += COLUMNS[id].width;
    if (id === 'time' || id === 'message') return true;
    return used + (id === 'origin' ? ROOMY - COLUMNS.message.width : 0) <= width;
  });
  return inOrder(fitting);
}

/** The columns in the order in which they stand. */
export function inOrder(ids: readonly ColumnId[]): ColumnId[] {
  return COLUMN_IDS.filter((id) => ids.includes(id));
}

export function columnOf(id: ColumnId): Column {
  return COLUMNS[id];
}

/** How wide a table of these columns is at least, in CSS pixels. */
export function leastWidth(ids: readonly ColumnId[]): number {
  return ids.reduce((sum, id) => sum + COLUMNS[id].width, 0);
}

/** Columns as a URL or this browser's memory has them; undefined when the text names none. Time is always among them. */
export function parseColumns(text: unknown): ColumnId[] | undefined {
  if (typeof text !== 'string') return undefined;
  const named = new Set(text.split(','));
  const known = COLUMN_IDS.filter((id) => named.has(id));
  return known.length === 0 ? undefined : inOrder(['time', ...known]);
}
