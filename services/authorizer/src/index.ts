export { type Authorizer, authorizer, type Decision } from './authorizer.ts';
export { authorizerConfig } from './config.ts';
