// Every text of the page, in English, by room.
import { access } from './en/access';
import { app } from './en/app';
import { inCase } from './en/case';
import { cases } from './en/cases';
import { dialog } from './en/dialog';
import { enter } from './en/enter';
import { failure } from './en/failure';
import { knows } from './en/knows';
import { log } from './en/log';
import { look } from './en/look';
import { network } from './en/network';
import { open } from './en/open';
import { parts } from './en/parts';
import { profile } from './en/profile';
import { sessions } from './en/sessions';
import { talk } from './en/talk';
import type { Words } from './words';

export const en: Words = { ...app, ...dialog, ...enter, ...cases, ...inCase, ...open, ...look, ...talk, ...knows, ...profile, ...sessions, ...network, ...parts, ...log, ...access, ...failure };
