import manifest from '../package.json' with { type: 'json' };

/** The version of the program, as records and `/openapi.json` name it. */
export const VERSION: string = manifest.version;
