import { createHash } from 'node:crypto';
import type { TemplateRecipe } from '../../engine/ports/provider.js';
import type { Digest } from '../../errors/ids.js';
import baseRpm from './base-rpm.sh';
import buildTemplate from './build-template.sh';
import customizeTemplate from './customize-template.sh';
import guestInit from './guest-init.sh';

/** Debian packages of the template: what systemd, ssh, dnf and every recipe count on. */
export const TEMPLATE_PACKAGES = [
  'ca-certificates',
  'curl',
  'dbus',
  'dnf',
  'gpg',
  'iproute2',
  'iputils-ping',
  'less',
  'nftables',
  'openssh-server',
  'passwd',
  'procps',
  'python3',
  'rpm',
  'systemd',
  'systemd-sysv',
  'util-linux',
] as const;

/** Scripts of the template, by what they do. */
export const TEMPLATE_SCRIPTS = { buildTemplate, customizeTemplate, baseRpm, guestInit } as const;

/** Digest of what the template is made from; the same on every host and at any time. */
export function templateDigest(recipe: TemplateRecipe): Digest {
  const content = {
    recipe: { name: recipe.name, formatVersion: recipe.formatVersion },
    TEMPLATE_PACKAGES,
    TEMPLATE_SCRIPTS,
  };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex') as Digest;
}
