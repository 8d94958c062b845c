import type { BdeError } from '../../errors/bde-error.js';
import { validateStaticSettings } from '../../generated/validators.js';
import { checkPart } from '../document/check-document.js';
import type { ParsedDocument } from '../document/parse-document.js';
import type { SiteReport } from './site-report.js';
import type { Site } from './site.js';
import { toStaticSettings } from './static-settings.js';

/** What is wrong with the providers of kind `static`: their settings, a host that is named twice, no address of the mirror. */
export function checkStaticProviders(site: Site, document: ParsedDocument, report: SiteReport): readonly BdeError[] {
  const names = Object.keys(site.providers).filter((name) => site.providers[name]?.kind === 'static');
  return names.flatMap((name) => {
    const path = ['providers', name, 'settings'];
    const wrong = checkPart(document, path, validateStaticSettings);
    const unreached =
      site.mirror.address === null
        ? [report(['providers', name], 'its hosts find the package mirror at "mirror.address", which this file lacks')]
        : [];
    return [...wrong, ...(wrong.length > 0 ? [] : checkTwins(site, name, report)), ...unreached];
  });
}

function checkTwins(site: Site, name: string, report: SiteReport): readonly BdeError[] {
  const { hosts } = toStaticSettings(site.providers[name]?.settings ?? {});
  return hosts.flatMap((host, index) => {
    const place = (field: string) => ['providers', name, 'settings', 'hosts', index, field];
    const before = hosts.slice(0, index);
    return [
      ...(before.some(({ address }) => address === host.address)
        ? [report(place('address'), `the address ${host.address} is another host's already`)]
        : []),
      ...(host.name !== undefined && before.some((other) => other.name === host.name)
        ? [report(place('name'), `the name ${host.name} is another host's already`)]
        : []),
    ];
  });
}
