import type { Says } from '../says';
import type { enter as italian } from '../it/enter';

export const enter: Says<typeof italian> = {
  'enter.title': 'Sign in',
  'enter.lead': 'You sign in through your organisation. Then you unlock with the phrase that only you know.',
  'enter.with': 'Sign in with {label}',
  'enter.none': 'There is no way to sign in yet. Tell whoever runs the service.',
  'enter.shared.title': 'If the computer isn’t yours alone',
  'enter.shared.text': 'Always choose “Sign out” at the end. Nothing of what you read or write stays in this browser.',
  'enter.invitation.title': 'The first time',
  'enter.invitation.lead': 'This account isn’t connected to a person yet. Enter the code of the invitation that you were given.',
  'enter.invitation.label': 'Code of the invitation',
  'enter.invitation.go': 'Continue',
  'enter.invitation.wrong': 'This code isn’t good: check it letter by letter. Nothing was lost.',

  'unlock.title': 'Unlock',
  'unlock.lead': 'Enter your unlock phrase: six words. Capitals, accents and hyphens don’t matter.',
  'unlock.phrase': 'Unlock phrase',
  'unlock.show': 'Show the phrase',
  'unlock.go': 'Unlock',
  'unlock.working': 'Unlocking: it takes a few seconds.',
  'unlock.lost': 'If you lost the phrase, nobody can give it back: ask your coordinator, who reopens your cases together with colleagues.',
  'unlock.notYou': 'Not you?',

  'enrol.title': 'The first time',
  'enrol.step': 'Step {step} of {steps}',
  'enrol.phrase.title': 'Your unlock phrase',
  'enrol.phrase.lead':
    'These six words are yours alone: they open what people write to you. Not even those who run the service know them, and nobody can give them back.',
  'enrol.phrase.paper': 'Write them on paper and keep it in a safe place, away from the computer. They won’t be shown again.',
  'enrol.phrase.print': 'Print the recovery sheet',
  'enrol.phrase.written': 'I have written them down',
  'enrol.phrase.sheet': 'Recovery sheet. Keep it in a safe place and don’t photograph it.',
  'enrol.check.title': 'Enter the phrase again',
  'enrol.check.lead': 'To be sure that it is written down right. Copy it from the paper.',
  'enrol.check.different': 'It isn’t the same phrase. Look at the paper, or go back to read it again.',
  'enrol.check.go': 'Done',
  'enrol.back': 'Back',
  'enrol.working': 'Preparing your cards: it takes a few seconds.',
  'enrol.words.title': 'Your verification words',
  'enrol.words.lead':
    'Read them to your coordinator, in person or by telephone, never through this channel. If she sees the same words she puts you on the list, and from then on people can write to you.',
  'enrol.words.waiting': 'You aren’t on your organisation’s list yet. As soon as you are, you’ll see your cases here.',
  'enrol.words.again': 'Look again',
};
