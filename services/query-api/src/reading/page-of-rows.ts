import type { Page, PageOf } from '@counterfoil/read-models';
import { problemError } from '@counterfoil/runtime';

/** The page, or the problem of a cursor that another list or nobody issued. */
export function pageOrProblem<Row>(page: PageOf<Row>): Page<Row> {
  if (!page.ok) throw problemError(page.error.code, page.error.message);
  return page.value;
}
