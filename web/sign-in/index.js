/** Signing in: loaded where people do. */

export { Account } from './account.js'
export { SignIn } from './sign-in.js'
