/** A product icon of the editor, and a colour of its theme. */
export interface RowIcon {
  readonly id: string;
  readonly color?: string;
}

/** A line of a tooltip. What others wrote is never read as Markdown. */
export interface TooltipLine {
  readonly name: string;
  readonly value: string;
  /** A moment, to be written as people do. Not here: it would cost more than all the rest of a row. */
  readonly isTime?: boolean;
}

export interface Tooltip {
  readonly title: string;
  readonly lines: readonly TooltipLine[];
}

export interface RowCommand {
  readonly command: string;
  readonly title: string;
  readonly arguments?: readonly unknown[];
}

/** What a row of the tree shows; the same texts mean that nothing needs to be drawn anew. */
export interface Row {
  readonly label: string;
  readonly description: string;
  readonly icon: RowIcon | undefined;
  readonly tooltip: Tooltip | undefined;
  /** The whole row as one sentence, for those who hear it. */
  readonly spoken: string;
  /** For the `when` clauses of menus. */
  readonly contextValue: string;
  readonly expansion: 'none' | 'collapsed' | 'expanded';
  readonly command: RowCommand | undefined;
}
