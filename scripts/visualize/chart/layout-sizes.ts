// Every distance of the drawing, in pixels at 96 per inch. All are whole numbers, so that coordinates are too.
// Our own choice, made by looking at drawings of 10 to 90 states.

export const fontSize = 12;
export const smallFontSize = 11;
export const lineHeight = 15;
export const labelLineHeight = 13;

/** Longest line of a label, and of the actions in a box, in characters; longer texts are wrapped. */
export const lineLimit = 30;
export const actionLineLimit = 38;

export const boxPadding = 10;
export const boxMinimumWidth = 96;
export const dotSize = 12;
export const ringSize = 22;

/** Between two lines that leave or enter the same box, two parallel lines in a gap, and two in a channel. */
export const portSpacing = 14;

/** Lines keep this far from the corners of a box, and within this of the middle of a ring. */
export const cornerInset = 8;
export const ringReach = 8;
export const trackSpacing = 10;
export const channelSpacing = 10;

/** Between the box and its first label, around a label, and between the cells of a row. */
export const labelGap = 4;
export const labelInset = 5;
export const cellSpacing = 20;

/** Room above the first track of a gap, and below the last, where the arrow heads are. */
export const gapAbove = 8;
export const gapBelow = 18;

export const compositePadding = 12;
export const pagePadding = 16;
