import type { CanonicalEvent } from '../canonical/events.ts';
import type { Command, Event } from '../message.ts';
import type { Rejection } from '../result.ts';

/**
 * Stream `notice-{provider}:{kind}:{id}`: what a provider told us that changes no books and belongs
 * to no account, so that the log is the whole story.
 */
export type NoticeEvent = Event<'NoticeRecorded', { cause: CanonicalEvent }>;
export type NoticeCommand = Command<'RecordNotice', { event: CanonicalEvent }>;
export type NoticeRejection = Rejection<never>;
