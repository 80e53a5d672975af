export { type Authorizer, authorizer, type Decision } from './authorizer.ts';
