import type { Decider } from '../decider.ts';
import { ok } from '../result.ts';
import type { NoticeCommand, NoticeEvent, NoticeRejection } from './messages.ts';

/** Nothing to decide: the store refuses the second recording of the same event id. */
export const noticeDecider: Decider<null, NoticeCommand, NoticeEvent, NoticeRejection> = {
  initialState: null,
  decide: (command) => ok([{ type: 'NoticeRecorded', data: { cause: command.data.event } }]),
  evolve: () => null,
};
