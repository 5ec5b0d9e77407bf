// Every text of the page, in Italian, by room. English says the same. {…} is filled in.
import { access } from './it/access';
import { app } from './it/app';
import { inCase } from './it/case';
import { cases } from './it/cases';
import { dialog } from './it/dialog';
import { enter } from './it/enter';
import { failure } from './it/failure';
import { knows } from './it/knows';
import { log } from './it/log';
import { look } from './it/look';
import { network } from './it/network';
import { open } from './it/open';
import { parts } from './it/parts';
import { profile } from './it/profile';
import { sessions } from './it/sessions';
import { talk } from './it/talk';

export const it = { ...app, ...dialog, ...enter, ...cases, ...inCase, ...open, ...look, ...talk, ...knows, ...profile, ...sessions, ...network, ...parts, ...log, ...access, ...failure } as const;
