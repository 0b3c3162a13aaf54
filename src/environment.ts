/** Environment variables as the program was given them. */
export type Environment = Readonly<Record<string, string | undefined>>;
