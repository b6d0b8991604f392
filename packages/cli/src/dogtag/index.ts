export { registerDogtag } from './register.ts';
