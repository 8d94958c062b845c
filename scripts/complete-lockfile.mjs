// Adds to package-lock.json the optional packages of other platforms that the registry at hand does not carry.
//
// npm writes down only what it can see, and `npm ci` then refuses the lock for what it could not see. Run after `npm install`.
import { readFileSync, writeFileSync } from 'node:fs';

const LOCK = 'package-lock.json';

/** `@oxc-parser/binding-linux-arm64-gnu` → `{os: ['linux'], cpu: ['arm64'], libc: ['glibc']}`: so that npm skips it elsewhere. */
function platformOf(name) {
  const [os, cpu, abi] = name.replace(/^.*?(?=(?:android|darwin|freebsd|linux|openharmony|win32)-)/, '').split('-');
  const libc = { gnu: ['glibc'], musl: ['musl'] }[os === 'linux' ? abi : ''];
  return { cpu: [cpu], ...(libc === undefined ? {} : { libc }), os: [os] };
}

const lock = JSON.parse(readFileSync(LOCK, 'utf8'));
const added = [];
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    if (Object.keys(lock.packages).some((known) => known.endsWith(path))) continue;
    lock.packages[path] = { version, ...platformOf(name), ...(entry.dev ? { dev: true } : {}), optional: true };
    added.push(name);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync(LOCK, JSON.stringify(lock, null, 2) + '\n');
console.log(added.join('\n'));
