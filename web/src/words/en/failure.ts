import type { Says } from '../says';
import type { failure as italian } from '../it/failure';

export const failure: Says<typeof italian> = {
  'failure.request': 'To tell the help desk: {request}',
  'failure.detail': 'Detail for the help desk',
  'failure.invalid': 'The service didn’t understand the request and nothing was done. Reload the page; if it happens again, tell the help desk.',
  'failure.refused': 'The service doesn’t accept this and nothing was done. If it happens again, tell the help desk.',
  'failure.signed-out': 'Your sign-in has ended. Nothing that you had sent is lost. Sign in again.',
  'failure.not-found': 'There is nothing here for you: it doesn’t exist, or it isn’t yours, or not any more. Nothing was done. If you could read it until a moment ago, go back to the cases and speak with a colleague.',
  'failure.reason': 'A reason is needed before opening. Nothing was opened.',
  'failure.fresh': 'For this you have to sign in again, even if you are signed in. Nothing was done.',
  'failure.conflict': 'Something has changed here meanwhile, and this time nothing of yours was recorded. It may have been somebody else, or something that you sent before and that was left without an answer. Look at what has changed and repeat if you need to.',
  'failure.too-large': 'It is too long and nothing was recorded. Make it shorter and repeat.',
  'failure.limited': 'Too many requests in a short time. Nothing was done: wait a minute and repeat.',
  'failure.unavailable': 'The service can’t do it now, and nothing was done. Repeat later.',
  'failure.internal': 'The service made a mistake and did nothing. Repeat later; if it goes on, tell the help desk.',
  'failure.cancelled': 'Broken off. What was recorded stays.',
  'failure.silent': 'The service doesn’t answer. If you were sending something it may be recorded or not: check the connection, refresh and look.',
  'failure.untrusted':
    'The service answered with something that doesn’t add up: it isn’t signed by whom it should be. To be safe nothing is shown, and what you had isn’t lost. Don’t try again: tell the help desk by another way.',
  'failure.untrusted.card':
    'Somebody’s card isn’t the one that her organisation signed: perhaps somebody took her place. Nothing was sent with that card and nothing can be. Don’t try again: tell the coordinator and the help desk, aloud or by telephone.',
  'failure.untrusted.gap':
    'Something is missing from what the service sent, or its order was changed. To be safe it isn’t shown, and nothing leaves from here. What was recorded stays. Don’t try again: tell the help desk by another way.',
  'failure.untrusted.fork':
    'The service shows two different versions of the same conversation: perhaps one to you and another one to others. To be safe it isn’t shown, and nothing leaves from here. Don’t try again: tell the help desk by another way, and talk to your colleagues.',
  'failure.untrusted.back':
    'The service shows less than there was before: something was taken out or held back. To be safe it isn’t shown, and nothing leaves from here. Don’t try again: tell the help desk by another way.',
  'failure.too-old': 'Something here is newer than this page. Nothing is lost: reload the page and repeat.',
  'failure.no-anchors': 'This page belongs to no network and can trust no service. Use the address that your network gave you.',
  'failure.locked': 'The page is locked. Unlock it and repeat.',
  'failure.phrase': 'It isn’t the right phrase. Check the six words and their order. Nothing was lost.',
  'failure.word': 'Word number {word} isn’t in the list: perhaps a letter is missing. Nothing was lost.',
  'failure.barred': 'One of the people of this conversation can’t be written to today: her card has changed or expired, or she is on the list no longer. Nothing was sent. See who it is in “Who knows what”: if she is not to read any more, take her out; if her card changed, compare the words with her and reopen; else tell the coordinator.',
  'failure.unlisted': 'You are no longer on your organisation’s list, and there is nothing here for you any more. If that is a mistake, tell your coordinator: it takes a new invitation.',
  'failure.passkey': 'This device does not open your cards: it may have been removed. Nothing was lost: use another device or the phrase.',
  'failure.no-checkpoint':
    'This file is no checkpoint of this log: it may be another file, or was changed. Nothing was verified. Choose the one that you had kept (“punto-di-controllo.txt”), or verify without.',
  'failure.failed': 'It didn’t work. What was recorded stays. Repeat; if it goes on, tell the help desk.',
};
