import type { Retry } from './cookbook.js';
import type { SourcePlace } from './render/source-place.js';
import type { ResourceCall, ResourceKind } from './resources/resource-kind.js';

/** A resource of a run, resolved for one node. */
export interface RunResource {
  /** `template[/etc/web/web.conf]`; in a custom resource `web::site[a]/template[/etc/web/a.conf]` */
  readonly id: string;
  readonly kind: ResourceKind;
  readonly call: ResourceCall;
  readonly guards: Guards;
  /** Guards of the includes and custom resources that it is part of, the outermost first; those without guards are left out. */
  readonly groups: readonly GuardGroup[];
  readonly limits: Limits;
  readonly notify: readonly Notification[];
  /** What it asks of others though its recipe does not say so: no part of what decides whether a node differs. */
  readonly implied: readonly Notification[];
  readonly place: SourcePlace;
}

/** Guards, rendered; they are judged on the node. */
export interface Guards {
  readonly onlyIf: string | null;
  readonly notIf: string | null;
  readonly creates: string | null;
}

/** Guards that are judged once, before the first of the resources that they stand before. */
export interface GuardGroup {
  /** `include[web::install]`, `web::site[a]`; unique in the run. */
  readonly id: string;
  readonly guards: Guards;
  /** Seconds that a guard's command may take; null is what the node gives it by itself. */
  readonly guardSeconds: number | null;
}

/** Bounds of one resource on the node; no part of what decides whether a node differs. */
export interface Limits {
  readonly retry: Retry | null;
  readonly timeoutSeconds: number | null;
}

/** `restart service[web]`, asked of another resource of the run. */
export interface Notification {
  readonly action: string;
  /** Id of the resource that is asked. */
  readonly target: string;
  readonly immediately: boolean;
}

/** A resource whose notifications are still as they were written. */
export interface DraftResource extends Omit<RunResource, 'notify' | 'implied'> {
  readonly asked: readonly AskedNotification[];
}

/** A notification as it was written, and where. */
export interface AskedNotification extends Notification {
  /** Beginnings of ids that its target may have, the innermost first; the last is empty. */
  readonly prefixes: readonly string[];
  /** Asked by an include or a custom resource, for all that it is made of. */
  readonly inherited: boolean;
  readonly place: SourcePlace;
}
