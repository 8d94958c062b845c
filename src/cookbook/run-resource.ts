import type { SourcePlace } from './render/source-place.js';
import type { ResourceCall, ResourceKind } from './resources/resource-kind.js';

/** A resource of a run, resolved for one node. */
export interface RunResource {
  /** `template[/etc/web/web.conf]` */
  readonly id: string;
  readonly kind: ResourceKind;
  readonly call: ResourceCall;
  readonly guards: Guards;
  readonly notify: readonly Notification[];
  readonly place: SourcePlace;
}

/** Guards, rendered; they are judged on the node. */
export interface Guards {
  readonly onlyIf: string | null;
  readonly notIf: string | null;
  readonly creates: string | null;
}

/** `restart service[web]`, asked of another resource of the run. */
export interface Notification {
  readonly action: string;
  /** Id of the resource that is asked. */
  readonly target: string;
  readonly immediately: boolean;
}
