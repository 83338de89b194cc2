/** Signing in. Loaded only where the page requires it. */

export { Account } from './account.js'
export { SignIn } from './sign-in.js'
