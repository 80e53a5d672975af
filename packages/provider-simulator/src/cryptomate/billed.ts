/** Hundredths of a dollar: what is billed, and the fees on top. */
export type Billed = Readonly<{ amount: number; fee: number }>;
