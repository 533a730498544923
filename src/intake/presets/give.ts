import { checkEvent } from '../event';
import { checkProduct } from '../product';
import type { Checked, Problem } from '../rejections';
import { checkUser } from '../user';
import type { ImportContext, RowSink } from './preset';

/** Passes a valid row to `take` and returns null; returns the problem of an invalid one. */
function give<Row>(checked: Checked<Row>, take: (row: Row) => void): Problem | null {
  if (!checked.ok) return checked.rejection;
  take(checked.row);
  return null;
}

/** Checks an event as the API does and passes it to the sink. */
export function giveEvent(raw: unknown, context: ImportContext, sink: RowSink): Problem | null {
  return give(checkEvent(raw, context), row => sink.event(row));
}

/** Checks a product as the API does and passes it to the sink. */
export function giveProduct(raw: unknown, context: ImportContext, sink: RowSink): Problem | null {
  return give(checkProduct(raw, context), row => sink.product(row));
}

/** Checks a user as the API does and passes it to the sink. */
export function giveUser(raw: unknown, context: ImportContext, sink: RowSink): Problem | null {
  return give(checkUser(raw, context), row => sink.user(row));
}
