// Changes of a roster, as the core takes them.
import type { Network, RosterAct, RosterChange } from '../core/core';

type Detail = Partial<Omit<RosterChange, 'do' | 'person'>>;

export function change(act: RosterAct, person: string, detail: Detail = {}): RosterChange {
  return { do: act, person, words: [], name: '', roles: [], act: '', from: '', until: '', ...detail };
}

/** The beginning of a day that was chosen, and of the day after it, on her clock; "" of none. */
export function beginOf(day: string): string {
  return day === '' ? '' : new Date(`${day}T00:00:00`).toISOString();
}

export function endOf(day: string): string {
  if (day === '') {
    return '';
  }
  const next = new Date(`${day}T00:00:00`);
  next.setDate(next.getDate() + 1);
  return next.toISOString();
}

/** The last day before a time, to show it. */
export function lastDay(until: string): string {
  return new Date(Date.parse(until) - 1).toISOString();
}

/** The day of a time on her clock, as a field for days takes it. */
export function dayField(at: string): string {
  if (at === '') {
    return '';
  }
  const d = new Date(at);
  return [d.getFullYear(), d.getMonth() + 1, d.getDate()].map((n) => String(n).padStart(2, '0')).join('-');
}

const msPerDay = 86_400_000;

export function daysUntil(at: string): number {
  return Math.max(0, Math.ceil((Date.parse(at) - Date.now()) / msPerDay));
}

/** Those whose renewed cards go in with whatever is signed next. */
export function renewed(network: Network, but: string): readonly string[] {
  return network.waiting.filter((w) => w.renewal && w.person !== but).map((w) => w.name);
}
