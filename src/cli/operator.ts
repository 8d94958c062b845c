import { hostname, userInfo } from 'node:os';

/** Who runs this process, for the audit of operations. */
export function operatorOfProcess(): { readonly user: string; readonly host: string } {
  return { user: userInfo().username, host: hostname() };
}
