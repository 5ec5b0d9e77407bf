/** Another language of a table: the same keys, and a missing or surplus one does not compile. */
export type Says<Table> = { readonly [K in keyof Table]: string };
