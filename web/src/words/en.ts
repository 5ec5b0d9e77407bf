// Every text of the page, in English, by room.
import { app } from './en/app';
import { inCase } from './en/case';
import { cases } from './en/cases';
import { dialog } from './en/dialog';
import { enter } from './en/enter';
import { failure } from './en/failure';
import { look } from './en/look';
import { open } from './en/open';
import { profile } from './en/profile';
import { network } from './en/network';
import { sessions } from './en/sessions';
import type { Words } from './words';

export const en: Words = { ...app, ...dialog, ...enter, ...cases, ...inCase, ...open, ...look, ...profile, ...sessions, ...network, ...failure };
