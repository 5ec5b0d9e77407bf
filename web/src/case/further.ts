/** A further conversation of a case that is being prepared: see app/kept. */
export interface FurtherDraft {
  readonly place: string;
  readonly people: readonly string[];
  readonly topic: string;
  readonly text: string;
  readonly sending: boolean;
}

export const nothingFurther: FurtherDraft = { place: '', people: [], topic: '', text: '', sending: false };
