/** One line of a text file. */
export interface Line {
  /** 1 is the first. */
  readonly number: number;
  readonly text: string;
}

/** The lines of a text file. Each iteration starts again at the first line. */
export interface LineSource extends AsyncIterable<Line> {
  /** Path of the file, for messages. */
  readonly name: string;
}
